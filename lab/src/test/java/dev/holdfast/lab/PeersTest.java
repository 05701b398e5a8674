package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.lab.Router.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The channel between agents, on three hosts without Docker. */
@EndToEnd
class PeersTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ONE = "hex:" + "5a".repeat(32);
    private static final String TWO = "another secret, of more than 32 bytes";

    private static Path secret(Host host, String name, String secret) {
        return host.writeSecret(name, secret + "\n");
    }

    private static String config(List<Host> all, Host host, int priority, String secrets) {
        return """
                holdfast {
                  node = %s
                  %s
                  peers { agents = [%s], %s }
                  swarm.enabled = false
                }
                """.formatted(
                        host.name(),
                        Router.of(Mode.V3_FAST, priority).vrrpSection(host, "", ""),
                        all.stream().map(each -> '"' + each.address() + '"').collect(Collectors.joining(", ")),
                        secrets);
    }

    private static String secretIs(Path file) {
        return "secret { file = \"" + file + "\" }";
    }

    private static void awaitConnected(AgentProcess agent, int count) {
        Await.until(
                count + " connected to " + agent.host(), SOON, () -> agent.metric("holdfast_peers_connected") == count);
    }

    private static boolean heardWithin(AgentProcess agent, String name, int seconds) {
        for (JsonNode peer : agent.status().at("/peers/agents")) {
            if (peer.path("name").asText().equals(name)) {
                return peer.path("heardSecondsAgo").isNumber()
                        && peer.path("heardSecondsAgo").asLong() <= seconds;
            }
        }
        return false;
    }

    @Test
    void whoHasTheSecretIsHeardAndNobodyElse(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host c = lab.host("c");
        List<Host> all = List.of(a, b, c);
        AgentProcess agentA = AgentProcess.start(a, config(all, a, 200, secretIs(secret(a, "peers", ONE))));
        AgentProcess agentB = AgentProcess.start(b, config(all, b, 150, secretIs(secret(b, "peers", ONE))));
        AgentProcess agentC = AgentProcess.start(c, config(all, c, 100, secretIs(secret(c, "peers", TWO))));
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        awaitConnected(agentA, 1);
        awaitConnected(agentB, 1);
        Await.until("a to hear b", SOON, () -> heardWithin(agentA, "b", 3));
        assertThat(agentA.metric("holdfast_peers_configured")).isEqualTo(3);
        Await.until(
                "c to be refused",
                SOON,
                () -> agentA.metric("holdfast_peers_refused_total", "reason", "wrong-secret") > 0);
        assertThat(agentC.metric("holdfast_peers_connected")).isZero();
        assertThat(agentA.command("status")).contains("agents named: 3", "wrong-secret");

        // An agent that is cut off is no longer heard, and heard again by itself.
        b.link().cut();
        Await.until("a not to hear b", SOON, () -> agentA.metric("holdfast_peers_connected") == 0);
        b.link().mend();
        awaitConnected(agentA, 1);

        // Nobody but the one whose file is wrong had to do anything.
        agentC.reload(config(all, c, 100, secretIs(secret(c, "peers", ONE))));
        awaitConnected(agentA, 2);
        awaitConnected(agentC, 2);

        for (AgentProcess agent : List.of(agentA, agentB, agentC)) {
            assertThat(agent.log() + agent.status() + agent.command("status")).doesNotContain(ONE.substring(4), TWO);
        }
        agentA.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
    }

    @Test
    void theSecretIsReplacedInThreeRounds(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        List<Host> all = List.of(a, b);
        Path oldA = secret(a, "old", ONE);
        Path newA = secret(a, "new", TWO);
        Path oldB = secret(b, "old", ONE);
        Path newB = secret(b, "new", TWO);
        AgentProcess agentA = AgentProcess.start(a, config(all, a, 200, secretIs(oldA)));
        AgentProcess agentB = AgentProcess.start(b, config(all, b, 100, secretIs(oldB)));
        awaitConnected(agentA, 1);
        List<String> rounds = List.of(
                "secret { file = \"%1$s\" }, other-secrets = [{ file = \"%2$s\" }]",
                "secret { file = \"%2$s\" }, other-secrets = [{ file = \"%1$s\" }]", "secret { file = \"%2$s\" }");
        for (String round : rounds) {
            agentA.reload(config(all, a, 200, round.formatted(oldA, newA)));
            awaitConnected(agentA, 1);
            agentB.reload(config(all, b, 100, round.formatted(oldB, newB)));
            awaitConnected(agentB, 1);
            awaitConnected(agentA, 1);
        }
        assertThat(agentA.metric("holdfast_peers_refused_total", "reason", "wrong-secret"))
                .isZero();
        assertThat(agentB.metric("holdfast_peers_refused_total", "reason", "wrong-secret"))
                .isZero();
    }
}
