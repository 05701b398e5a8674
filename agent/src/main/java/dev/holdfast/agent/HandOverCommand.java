package dev.holdfast.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.vrrp.engine.EngineException;
import dev.holdfast.vrrp.engine.HandOverResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code holdfast handover}, on the agent's side: gives the order, waits for what comes of it, and tells. */
final class HandOverCommand {
    private static final Logger LOG = LoggerFactory.getLogger(HandOverCommand.class);

    private final Function<Optional<String>, CompletableFuture<List<HandOverResult>>> engine;

    /** @param engine takes the name of an instance, or none for each that is MASTER */
    HandOverCommand(Function<Optional<String>, CompletableFuture<List<HandOverResult>>> engine) {
        this.engine = engine;
    }

    /**
     * Answers with an object for each instance: its name, {@code handedOver}, and a line for people.
     *
     * @throws ControlException if there is nothing to hand over
     */
    JsonNode handle(JsonNode request) throws ControlException, InterruptedException {
        Optional<String> instance =
                Optional.of(request.path("instance").asText("")).filter(name -> !name.isEmpty());
        LOG.info(
                "{}Handing over, as asked on the control socket",
                instance.map(name -> "(" + name + ") ").orElse(""));
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        for (HandOverResult result : results(instance)) {
            boolean handedOver = result.outcome() == HandOverResult.Outcome.HANDED_OVER;
            if (handedOver) {
                LOG.info("({}) {}", result.instance(), text(result));
            } else {
                LOG.warn("({}) {}", result.instance(), text(result));
            }
            answer.addObject()
                    .put("instance", result.instance())
                    .put("handedOver", handedOver)
                    .put("text", text(result));
        }
        if (answer.isEmpty()) {
            throw new ControlException("no instance is MASTER on this host: there is nothing to hand over");
        }
        return answer;
    }

    private List<HandOverResult> results(Optional<String> instance) throws ControlException, InterruptedException {
        try {
            return engine.apply(instance).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException || e.getCause() instanceof EngineException) {
                throw new ControlException(String.valueOf(e.getCause().getMessage()));
            }
            throw new IllegalStateException("a hand-over failed", e);
        }
    }

    private static String text(HandOverResult result) {
        String seconds = "%.2f s".formatted(result.took().toNanos() / 1e9);
        return switch (result.outcome()) {
            case HANDED_OVER ->
                result.successor().map(Object::toString).orElse("another host") + " took over after " + seconds;
            case NOBODY_FOLLOWED -> "nobody took over within " + seconds + "; this host is MASTER as before";
            case NOT_MASTER -> "is " + result.state() + " on this host, not MASTER: there is nothing to hand over";
            case OWN_ADDRESSES -> "priority 255 and an address that is this host's own: no other host can take it over";
            case INTERRUPTED -> "the hand-over was interrupted after " + seconds + "; it is " + result.state() + " now";
        };
    }
}
