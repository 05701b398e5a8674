package dev.holdfast.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.control.ControlServer;
import dev.holdfast.agent.status.HealJson;
import dev.holdfast.agent.status.StatusJson;
import dev.holdfast.swarm.HealMode;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.managers.ManagersStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** {@code holdfast heal …}, on the agent's side. */
final class HealControl {
    /** What {@code eager} does is nothing for a passing order: a configuration must say so. */
    private static final List<HealMode> ORDERED = List.of(HealMode.OBSERVE, HealMode.GUARDED, HealMode.QUORUM);

    private static final int JOURNAL_LINES = 8;
    /** A look at an engine that does not answer takes up to half a minute, and two may be due before. */
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** And on top the call and its verification, a minute each. */
    private static final Duration ORDER_LIMIT = Duration.ofMinutes(4);

    private final Supplier<Optional<SwarmHealer>> healer;
    private final Supplier<Optional<ManagersStatus>> managers;

    /** Both are empty while the Swarm is not watched. */
    HealControl(Supplier<Optional<SwarmHealer>> healer, Supplier<Optional<ManagersStatus>> managers) {
        this.healer = healer;
        this.managers = managers;
    }

    /** By command. */
    Map<String, ControlServer.Handler> handlers() {
        return Map.of(
                "heal", _ -> status(),
                "heal-policy", this::policy,
                "heal-preview", _ -> HealJson.preview(await(running().preview(), LIMIT)),
                "heal-now", _ -> HealJson.outcome(await(running().order(), ORDER_LIMIT)));
    }

    private JsonNode status() throws ControlException {
        Optional<SwarmHealer> running = healer.get();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set("swarm", StatusJson.swarm(running.map(SwarmHealer::status)));
        managers.get().ifPresent(kept -> answer.set("managers", HealJson.managers(kept)));
        ArrayNode journal = answer.putArray("journal");
        if (running.isPresent()) {
            ObjectMapper json = new ObjectMapper();
            try {
                for (String line : running.get().journal(JOURNAL_LINES)) {
                    journal.add(json.readTree(line));
                }
            } catch (JsonProcessingException e) {
                // A line torn by a crash; the others are told.
                return answer;
            } catch (IOException e) {
                throw new ControlException("the journal can't be read: " + e.getMessage());
            }
        }
        return answer;
    }

    private JsonNode policy(JsonNode request) throws ControlException, InterruptedException {
        HealMode mode = HealMode.parse(request.path("policy").asText());
        if (mode == null || !ORDERED.contains(mode)) {
            throw new ControlException("a policy to order is one of "
                    + String.join(", ", ORDERED.stream().map(HealMode::label).toList())
                    + "; eager only the configuration can set");
        }
        return StatusJson.swarm(Optional.of(await(running().setPolicy(mode), LIMIT)));
    }

    private SwarmHealer running() throws ControlException {
        return healer.get()
                .orElseThrow(() -> new ControlException("the Swarm is not watched (swarm.enabled is false)"));
    }

    private static <T> T await(CompletableFuture<T> answer, Duration limit)
            throws ControlException, InterruptedException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // What has not begun by now is not to surprise anybody later.
            answer.cancel(false);
            throw new ControlException("healing gave no answer within " + limit.toSeconds()
                    + " s, most likely for the engine gives none; holdfast heal status tells what came of it");
        } catch (CancellationException e) {
            throw new ControlException("the agent stopped watching the Swarm meanwhile");
        } catch (ExecutionException e) {
            throw new IllegalStateException("healing failed to answer", e);
        }
    }
}
