package dev.holdfast.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Prometheus on a lab host: scrapes agents every second, and judges the alert rules as often. */
final class Prometheus {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT = 9090;

    private final Host host;

    private Prometheus(Host host) {
        this.host = host;
    }

    /**
     * A program of Debian's package: on the PATH, or where {@code ./dev test} unpacks it.
     *
     * @throws LabException if it is in neither place
     */
    static Path program(String name) {
        Stream<Path> folders = Stream.concat(
                Stream.of(System.getenv("PATH").split(":", -1)).map(Path::of),
                Stream.of(Path.of("target/prometheus/usr/bin").toAbsolutePath()));
        return folders.map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new LabException(
                        name + " is missing: ./dev test unpacks it, or install the package prometheus"));
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param rules the text of a rule file
     * @param agents whose agents to scrape, as job {@code holdfast}
     */
    static Prometheus start(Host host, String rules, List<Host> agents) {
        Path ruleFile = host.write("rules.yml", rules);
        Path config = host.write("prometheus.yml", """
                global: { scrape_interval: 1s, evaluation_interval: 1s, scrape_timeout: 1s }
                rule_files: [ %s ]
                scrape_configs:
                  - job_name: holdfast
                    static_configs: [ { targets: [ %s ] } ]
                """.formatted(
                ruleFile,
                agents.stream().map(agent -> '"' + agent.address() + ":9651\"").collect(Collectors.joining(", "))));
        host.start(
                "prometheus",
                program("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + host.folder().resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + PORT,
                "--log.level=warn");
        Prometheus prometheus = new Prometheus(host);
        Await.until(
                "Prometheus to be ready",
                Duration.ofSeconds(30),
                () -> prometheus.get("/-/ready").status() == 200);
        return prometheus;
    }

    /** The samples that an expression has now, each with {@code metric} and {@code value}. */
    JsonNode query(String expression) {
        Http.Answer answer = get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            JsonNode json = JSON.readTree(answer.body());
            if (!json.path("status").asText().equals("success")) {
                throw new LabException("Prometheus refuses " + expression + ": " + answer.body());
            }
            return json.at("/data/result");
        } catch (JsonProcessingException e) {
            throw new LabException("not JSON from Prometheus: " + answer.body(), e);
        }
    }

    /** The names of the alerts that fire now. */
    Set<String> firing() {
        return query("ALERTS{alertstate=\"firing\"}")
                .valueStream()
                .map(alert -> alert.at("/metric/alertname").asText())
                .collect(Collectors.toSet());
    }

    /** Waits until all of these fire. */
    void awaitFiring(Duration limit, String... alerts) {
        Await.until(String.join(", ", alerts) + " to fire", limit, () -> firing().containsAll(Set.of(alerts)));
    }

    /** Waits until no alert fires but these. */
    void awaitOnly(Duration limit, String... alerts) {
        Set<String> wanted = Set.of(alerts);
        AtomicReference<Set<String>> firing = new AtomicReference<>(Set.of());
        try {
            Await.until("only " + wanted + " to fire", limit, () -> {
                firing.set(firing());
                return firing.get().equals(wanted);
            });
        } catch (LabException e) {
            throw new LabException("firing at last: " + firing.get(), e);
        }
    }

    private Http.Answer get(String path) {
        return host.call(() -> {
            try {
                return Http.getLocal(PORT, path);
            } catch (IOException e) {
                return new Http.Answer(0, "");
            }
        });
    }
}
