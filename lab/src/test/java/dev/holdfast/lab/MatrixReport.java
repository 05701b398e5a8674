package dev.holdfast.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of what came of the trials, as JSON and as Markdown for the documentation. It is written anew after each trial
 * and goes on where an earlier run stopped, but only if the system property says where to.
 */
final class MatrixReport {
    /** The path of both files without {@code .json} and {@code .md}. */
    static final String PATH = "holdfast.swarm.matrix";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String HEAD = """
            | trial | managers | workers | result | forces | leads | managers after | kept | seconds | remarks |
            | --- | --: | --: | --- | --: | --- | --: | --- | --- | --- |
            """;

    private MatrixReport() {}

    /**
     * One trial.
     *
     * @param trial what was done
     * @param result {@code ok}, or what was wrong
     * @param forces how many force calls the engines received
     * @param leaders who leads afterwards
     * @param managersAfter how many managers the leader can reach
     * @param kept {@code all}, or what is missing of what had been made before
     * @param seconds how long things took, in the order they happened
     * @param remarks what else is worth knowing
     */
    record Line(
            String trial,
            int managers,
            int workers,
            String result,
            long forces,
            List<String> leaders,
            int managersAfter,
            String kept,
            Map<String, Double> seconds,
            List<String> remarks) {}

    /** Adds a line to both files. */
    static synchronized void add(String engine, Line line) {
        String path = System.getProperty(PATH);
        if (path == null) {
            return;
        }
        try {
            Path json = Path.of(path + ".json");
            ObjectNode root = Files.exists(json) ? (ObjectNode) JSON.readTree(json.toFile()) : head(engine);
            ArrayNode lines = root.withArray("lines");
            lines.add(JSON.valueToTree(line));
            Files.createDirectories(json.toAbsolutePath().getParent());
            Files.writeString(json, JSON.writeValueAsString(root) + "\n");
            Files.writeString(Path.of(path + ".md"), markdown(root));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the matrix's table", e);
        }
    }

    private static ObjectNode head(String engine) {
        return JSON.createObjectNode()
                .put("matrix", "swarm")
                .put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("holdfast", AgentProcess.version())
                .put("engine", engine)
                .put("kernel", System.getProperty("os.version", "unknown"))
                .put("cores", Runtime.getRuntime().availableProcessors());
    }

    static String markdown(JsonNode root) {
        StringBuilder text = new StringBuilder("%s, Docker engine %s, kernel %s, %d cores, %s\n\n"
                .formatted(
                        root.path("holdfast").asText(),
                        root.path("engine").asText(),
                        root.path("kernel").asText(),
                        root.path("cores").asInt(),
                        root.path("date").asText()));
        text.append(HEAD);
        root.path("lines").forEach(line -> text.append(row(line)));
        return text.toString();
    }

    private static String row(JsonNode line) {
        List<String> cells = List.of(
                line.path("trial").asText(),
                line.path("managers").asText(),
                line.path("workers").asText(),
                line.path("result").asText(),
                line.path("forces").asText(),
                texts(line.path("leaders")),
                line.path("managersAfter").asText(),
                line.path("kept").asText(),
                seconds(line.path("seconds")),
                texts(line.path("remarks")));
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace('\n', ' '))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts.isEmpty() ? "-" : String.join(", ", texts);
    }

    private static String seconds(JsonNode seconds) {
        return seconds.properties().stream()
                .map(entry -> String.format(
                        Locale.ROOT, "%s %.1f", entry.getKey(), entry.getValue().asDouble()))
                .collect(Collectors.joining(", "));
    }
}
