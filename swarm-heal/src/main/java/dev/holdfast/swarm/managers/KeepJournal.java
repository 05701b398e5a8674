package dev.holdfast.swarm.managers;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.StateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the keepers did to the Swarm, as JSON lines in {@code managers-journal.jsonl}: one before each call, on disk before it is made, and
 * one after it. A line torn by a crash is skipped. At {@value #ROTATE_AT} bytes the file becomes {@code managers-journal.jsonl.1}.
 */
final class KeepJournal {

    static final String FILE = "managers-journal.jsonl";

    private static final int ROTATE_AT = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Path old;
    private final HealClock clock;

    KeepJournal(Path stateDir, HealClock clock) {
        this.file = stateDir.resolve(FILE);
        this.old = stateDir.resolve(FILE + ".1");
        this.clock = clock;
    }

    /** A call is about to be made. */
    void before(String id, KeepAction action, String subject, String why) throws IOException {
        append(line("before", id)
                .put("action", action.label())
                .put("subject", subject)
                .put("why", why));
    }

    /** How it ended. */
    void after(String id, KeepAction action, boolean succeeded, String detail) throws IOException {
        append(line("after", id)
                .put("action", action.label())
                .put("result", succeeded ? "success" : "failure")
                .put("detail", detail));
    }

    /**
     * {@return how many calls of that kind were begun within the time}
     *
     * @throws IOException if a file exists but cannot be read
     */
    int begun(KeepAction action, Duration within) throws IOException {
        Instant since = clock.now().minus(within);
        int count = 0;
        for (Path part : List.of(old, file)) {
            if (Files.exists(part)) {
                // Decoded leniently: a torn line may end within a character.
                for (String line : new String(Files.readAllBytes(part), StandardCharsets.UTF_8).split("\n", -1)) {
                    count += begins(line, action, since) ? 1 : 0;
                }
            }
        }
        return count;
    }

    private static boolean begins(String line, KeepAction action, Instant since) {
        try {
            JsonNode node = JSON.readTree(line);
            return node != null
                    && node.path("event").asText("").equals("before")
                    && node.path("action").asText("").equals(action.label())
                    && Instant.parse(node.path("at").asText("")).isAfter(since);
        } catch (JacksonException | DateTimeException e) {
            // A torn or foreign line says nothing; the others still do.
            return false;
        }
    }

    private ObjectNode line(String event, String id) {
        return JSON.createObjectNode()
                .put("at", clock.now().toString())
                .put("event", event)
                .put("id", id);
    }

    private void append(ObjectNode line) throws IOException {
        if (Files.exists(file) && Files.size(file) >= ROTATE_AT) {
            Files.move(file, old, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        StateFiles.appendLine(file, JSON.writeValueAsBytes(line));
    }
}
