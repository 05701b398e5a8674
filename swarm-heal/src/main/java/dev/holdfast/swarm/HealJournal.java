package dev.holdfast.swarm;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What healing decided and did, as JSON lines in {@code heal-journal.jsonl}: for people, and so that attempts, back-off and
 * cooldown outlive the process. Every line is on disk before the method returns, so a force call never happens unrecorded.
 * A line torn by a crash is skipped. At {@value #ROTATE_AT} bytes the file becomes {@code heal-journal.jsonl.1}.
 */
final class HealJournal {

    static final String FILE = "heal-journal.jsonl";

    private static final int ROTATE_AT = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String OLD = FILE + ".1";

    /** How every line begins: where a crash or a bad disk took the end of a line, the next one is found by it. */
    private static final Pattern BEGIN = Pattern.compile("\\n|(?=\\{\"at\":)");

    private final StateStore store;
    private final HealClock clock;
    private @Nullable String unfinished;

    HealJournal(StateStore store, HealClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * The force calls on record. Their wall-clock times become times on the healer's clock; one that lies in the future
     * (the wall clock was set back) counts as just made, which waits longer rather than shorter.
     *
     * @param unknownPause the pause after a call whose end is not on record
     * @throws IOException if a file exists but cannot be read
     */
    Attempts load(Duration unknownPause) throws IOException {
        LinkedHashMap<String, Attempts.Call> calls = new LinkedHashMap<>();
        long nowNanos = clock.nanos();
        Instant now = clock.now();
        for (String line : lines()) {
            read(line, calls, nowNanos, now, unknownPause);
        }
        Map.Entry<String, Attempts.Call> last = calls.lastEntry();
        unfinished = last != null && last.getValue().result() == null ? last.getKey() : null;
        return new Attempts(List.copyOf(calls.values()));
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String part : List.of(OLD, FILE)) {
            byte[] content = store.read(part);
            if (content != null) {
                // Decoded leniently: a torn line may end within a character.
                lines.addAll(List.of(BEGIN.split(new String(content, StandardCharsets.UTF_8))));
            }
        }
        return lines;
    }

    /** {@return the id of the last call, if {@link #load} found no end of it: the agent died meanwhile} */
    @Nullable
    String unfinished() {
        return unfinished;
    }

    /** It has an end now. */
    void forgetUnfinished() {
        unfinished = null;
    }

    private static void read(
            String line, Map<String, Attempts.Call> calls, long nowNanos, Instant now, Duration unknownPause) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node == null || !node.isObject()) {
                return;
            }
            String id = node.path("id").asText("");
            String event = node.path("event").asText("");
            if (id.isEmpty() || !(event.equals("attempt") || event.equals("result"))) {
                return;
            }
            Duration age = Duration.between(Instant.parse(node.path("at").asText("")), now);
            long at = nowNanos - (age.isNegative() ? 0 : capped(age));
            if (event.equals("attempt")) {
                calls.put(id, new Attempts.Call(at, null, unknownPause.toNanos()));
                return;
            }
            switch (node.path("result").asText("")) {
                case "cancelled" -> calls.remove(id);
                case "success" -> calls.put(id, new Attempts.Call(at, ForceResult.SUCCESS, 0));
                case "failure" ->
                    calls.put(
                            id,
                            new Attempts.Call(
                                    at,
                                    ForceResult.FAILURE,
                                    Duration.ofMillis(node.path("pauseMillis").asLong(unknownPause.toMillis()))
                                            .toNanos()));
                default -> {}
            }
        } catch (JacksonException | DateTimeException | ArithmeticException e) {
            // A torn or foreign line says nothing; the others still do.
            return;
        }
    }

    /** About 30 years: enough for every cooldown, and no overflow. */
    private static long capped(Duration age) {
        return Math.min(age.toSeconds(), 1_000_000_000L) * 1_000_000_000L;
    }

    /** Records that a force call is about to be made. */
    void attempt(String id, SwarmGateway.ForceRequest request, HealPlan plan, List<Manager> managers)
            throws IOException {
        ObjectNode line = line("attempt", id)
                .put("advertise", request.advertiseAddress().getHostAddress())
                .put("port", request.port())
                .put("detail", plan.detail());
        var list = line.putArray("managers");
        managers.forEach(m -> list.add(m.id() + " " + m.displayName()));
        append(line);
    }

    /** Records how it ended. */
    void result(String id, ForceResult result, Duration pause, String detail) throws IOException {
        append(line("result", id)
                .put("result", result.label())
                .put("pauseMillis", pause.toMillis())
                .put("detail", detail));
    }

    /** Records that it was not made after all. */
    void cancelled(String id, String detail) throws IOException {
        append(line("result", id).put("result", "cancelled").put("detail", detail));
    }

    /** Records a decision that differs from the one before. */
    void decision(HealPlan plan, @Nullable SwarmState state) throws IOException {
        append(line("decision", "")
                .put("state", state == null ? "unknown" : state.name())
                .put("decision", plan.kind())
                .put("reason", plan.reasonLabel())
                .put("detail", plan.detail()));
    }

    /** Records what an operator said, and what came of it. */
    void operator(String event, String detail) throws IOException {
        append(line(event, "").put("detail", detail));
    }

    /**
     * The latest lines, oldest first; torn ones are left out.
     *
     * @throws IOException if a file exists but cannot be read
     */
    List<String> tail(int count) throws IOException {
        List<String> all = lines().stream()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .toList();
        return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
    }

    private ObjectNode line(String event, String id) {
        ObjectNode node =
                JSON.createObjectNode().put("at", clock.now().toString()).put("event", event);
        return id.isEmpty() ? node : node.put("id", id);
    }

    private void append(ObjectNode line) throws IOException {
        if (store.size(FILE) >= ROTATE_AT) {
            store.rename(FILE, OLD);
        }
        store.append(FILE, JSON.writeValueAsBytes(line));
    }
}
