package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.lab.Router.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What lies in deploy/ for Prometheus and Grafana, with a real Prometheus and real agents. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class MonitoringTest {
    private static final Path RULES =
            Path.of("../deploy/prometheus/holdfast.rules.yml").toAbsolutePath().normalize();
    private static final Path RULE_TESTS = Path.of("../deploy/prometheus/holdfast.rules.test.yml")
            .toAbsolutePath()
            .normalize();
    private static final Path DASHBOARD = Path.of("../deploy/grafana/holdfast.json");
    private static final Pattern ALERT = Pattern.compile("(?m)^      - alert: (\\w+)$");
    private static final Duration SOON = Duration.ofSeconds(30);
    /** There is no engine in this lab, and the MASTER says so all the time. */
    private static final String NO_ENGINE = "HoldfastHealRefused";

    @Test
    void theRulesAndTheirOwnTestsHold() throws IOException {
        assertThat(promtool("check", "rules", RULES.toString())).contains("SUCCESS");
        assertThat(promtool("test", "rules", RULE_TESTS.toString())).contains("SUCCESS");
        String tests = Files.readString(RULE_TESTS);
        assertThat(ALERT.matcher(Files.readString(RULES)).results().map(alert -> alert.group(1)))
                .isNotEmpty()
                .allSatisfy(alert -> assertThat(tests).contains("alertname: " + alert + "\n"));
    }

    private static String promtool(String... arguments) {
        return Command.run(
                        Stream.concat(Stream.of(Prometheus.program("promtool").toString()), Stream.of(arguments))
                                .toArray(String[]::new))
                .orThrow()
                .out();
    }

    /**
     * The rules as they are, but for patience: nobody is to wait for minutes here, nor is what this test does to
     * the instance to count as flapping.
     */
    private static String impatient(String rules) {
        return rules.replaceAll("for: \\S+", "for: 2s").replaceAll("\\[(2|10)m]", "[5s]");
    }

    private static String config(Host host, int priority, Path healthy) {
        return """
                holdfast {
                  node = %s
                  %s
                  swarm { enabled = true, docker-host = "unix://%s/nowhere.sock" }
                }
                """.formatted(
                        host.name(),
                        Router.of(Mode.V3_FAST, priority)
                                .vrrpSection(host, "track { scripts = [healthy] }", """
                                scripts.healthy { command = ["/usr/bin/test", "-e", "%s"], interval = 200ms, timeout = 2s, rise = 1, fall = 1 }
                                """.formatted(healthy)),
                        host.folder());
    }

    @Test
    void alertsFireAndClearAndEveryQueryOfTheDashboardFindsData(Lab lab) throws IOException {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host monitor = lab.host("monitor");
        Path healthyA = a.write("healthy", "");
        Path healthyB = b.write("healthy", "");
        AgentProcess agentA = AgentProcess.start(a, config(a, 200, healthyA));
        AgentProcess agentB = AgentProcess.start(b, config(b, 100, healthyB));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Prometheus prometheus = Prometheus.start(monitor, impatient(Files.readString(RULES)), List.of(a, b));

        prometheus.awaitOnly(SOON, NO_ENGINE);
        Await.until(
                "queries over some seconds",
                SOON,
                () -> queriesWithoutData(prometheus).isEmpty());

        // The MASTER is cut off: one is left alone, and it knows.
        a.link().cut();
        prometheus.awaitFiring(SOON, "HoldfastAgentDown", "HoldfastNoBackup");
        assertThat(prometheus.query("holdfast_vrrp_state == 2").findValuesAsText("instance"))
                .containsExactly(b.address() + ":9651");
        a.link().mend();
        prometheus.awaitOnly(SOON, NO_ENGINE);

        // They don't hear each other.
        Firewall.drop(b, Firewall.Way.INPUT);
        prometheus.awaitFiring(SOON, "HoldfastTwoMasters");
        Firewall.open(b);
        agentB.awaitVrrpState(Router.INSTANCE, "BACKUP", SOON);
        Await.until("the two to be one again", SOON, () -> !prometheus.firing().contains("HoldfastTwoMasters"));

        // What both depend on fails on both.
        Files.delete(healthyA);
        Files.delete(healthyB);
        prometheus.awaitFiring(SOON, "HoldfastNoMaster", "HoldfastInstanceFault", "HoldfastTrackerDown");
        a.write("healthy", "");
        b.write("healthy", "");
        agentA.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        prometheus.awaitOnly(Duration.ofSeconds(60), NO_ENGINE);
    }

    private static Map<String, String> queriesWithoutData(Prometheus prometheus) {
        Map<String, String> empty = new TreeMap<>();
        int queries = 0;
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries++;
                String expression = target.path("expr")
                        .asText()
                        .replace("$__rate_interval", "5s")
                        .replace("$job", "holdfast");
                assertThat(expression)
                        .as("a variable that this test does not know")
                        .doesNotContain("$");
                if (prometheus.query(expression).isEmpty()) {
                    empty.put(panel.path("title").asText(), expression);
                }
            }
        }
        assertThat(queries).isGreaterThan(20);
        return empty;
    }

    private static JsonNode dashboard() {
        try {
            return new ObjectMapper().readTree(DASHBOARD.toFile());
        } catch (IOException e) {
            throw new LabException("the dashboard can't be read", e);
        }
    }
}
