package dev.holdfast.vrrp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.vrrp.fsm.VrrpAction.AcquireAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.Announce;
import dev.holdfast.vrrp.fsm.VrrpAction.ReleaseAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.SendAdvert;
import dev.holdfast.vrrp.fsm.VrrpAction.StateChanged;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the state machine answers, as lines that a person can read beside RFC 9568 section 6.4. A case is a folder; its
 * {@code input.jsonl} has the rule and the router in its first line and an event in each further one, at a time in
 * milliseconds or, without one, when the router's timer is due. Its {@code output.jsonl} has the actions, and after those of
 * one event the state and when the timer is due now. Options that a router does not name are as in the RFC.
 *
 * <p>Run with {@code -Dholdfast.conformance.regenerate=true} to write the outputs anew, and then read the difference.
 */
class ConformanceTest {
    private static final Path CASES = Path.of("src/test/resources/conformance");
    private static final boolean REGENERATE = Boolean.getBoolean("holdfast.conformance.regenerate");
    private static final BigDecimal NANOS_PER_MS = BigDecimal.valueOf(1_000_000);

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> output = new ArrayList<>();
    private long now;

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theRouterAnswersAsRecorded(String name) throws IOException {
        List<String> input = Files.readAllLines(CASES.resolve(name).resolve("input.jsonl"));
        VirtualRouter router =
                new VirtualRouter(settings(json.readTree(input.getFirst()).required("router")), this::record);
        for (String line : input.subList(1, input.size())) {
            JsonNode event = json.readTree(line);
            long at = event.has("ms") ? nanos(event.get("ms")) : router.deadlineNanos();
            assertThat(at).as("times only grow: %s", line).isBetween(now, Long.MAX_VALUE - 1);
            now = at;
            router.apply(now, event(event));
            recordState(router);
        }

        Path recorded = CASES.resolve(name).resolve("output.jsonl");
        if (REGENERATE) {
            Files.write(recorded, output);
        }
        assertThat(output).isEqualTo(Files.readAllLines(recorded));
    }

    @Test
    void thereAreCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThan(25);
    }

    private static VrrpEvent event(JsonNode line) {
        String kind = line.required("event").asText();
        return switch (kind) {
            case "Start" -> new VrrpEvent.Start();
            case "AdvertReceived" ->
                new VrrpEvent.AdvertReceived(
                        line.required("priority").asInt(),
                        IpAddress.parse(line.required("source").asText()),
                        nanos(line.required("intervalMs")));
            case "TimerExpired" -> new VrrpEvent.TimerExpired();
            case "PriorityChanged" ->
                new VrrpEvent.PriorityChanged(line.required("priority").asInt());
            case "FaultRaised" ->
                new VrrpEvent.FaultRaised(
                        TransitionReason.valueOf(line.required("reason").asText()));
            case "FaultCleared" -> new VrrpEvent.FaultCleared();
            case "Reconfigured" -> new VrrpEvent.Reconfigured(settings(line.required("router")));
            case "Stop" -> new VrrpEvent.Stop();
            case "Leave" -> new VrrpEvent.Leave();
            case "HandOver" -> new VrrpEvent.HandOver();
            case "SuccessorAnnounced" -> new VrrpEvent.SuccessorAnnounced();
            case "StandForElection" -> new VrrpEvent.StandForElection();
            default -> throw new IllegalArgumentException("no event is called " + kind);
        };
    }

    private static RouterSettings settings(JsonNode router) {
        return new RouterSettings(
                router.required("version").asInt() == 2 ? VrrpVersion.V2 : VrrpVersion.V3,
                IpAddress.parse(router.required("source").asText()),
                router.required("priority").asInt(),
                nanos(router.required("intervalMs")),
                router.path("preempt").asBoolean(true),
                router.has("preemptDelayMs") ? nanos(router.get("preemptDelayMs")) : 0,
                VrrpState.valueOf(router.path("initialState").asText("BACKUP")),
                router.path("lowerPriorityNoAdvert").asBoolean(false),
                router.path("higherPrioritySendAdvert").asBoolean(false),
                router.has("phaseMs") ? nanos(router.get("phaseMs")) : 0);
    }

    private void record(VrrpAction action) {
        ObjectNode line = line().put("action", action.getClass().getSimpleName());
        switch (action) {
            case SendAdvert(int priority) -> line.put("priority", priority);
            case StateChanged(VrrpState from, VrrpState to, TransitionReason reason) ->
                line.put("from", from.name()).put("to", to.name()).put("reason", reason.name());
            case AcquireAddresses(), ReleaseAddresses(), Announce() -> {}
        }
        output.add(line.toString());
    }

    private void recordState(VirtualRouter router) {
        ObjectNode line = line().put("state", router.state().name());
        if (router.deadlineNanos() != Long.MAX_VALUE) {
            line.put("dueMs", millis(router.deadlineNanos()));
        }
        output.add(line.toString());
    }

    private ObjectNode line() {
        return json.createObjectNode().put("ms", millis(now));
    }

    private static long nanos(JsonNode millis) {
        return new BigDecimal(millis.asText()).multiply(NANOS_PER_MS).longValueExact();
    }

    private static BigDecimal millis(long nanos) {
        BigDecimal plain = BigDecimal.valueOf(nanos).divide(NANOS_PER_MS).stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }
}
