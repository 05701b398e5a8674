package dev.holdfast.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's order to heal would do at this moment, from a look and probes made for it.
 *
 * @param state null before the first look at the engine
 * @param stateDetail the state in words, with the engine's own message
 * @param plan a {@link HealPlan.Force}, or why not even an order brings one
 * @param overruled the gates that are closed and that the order overrules; empty if it would do nothing
 * @param managers every other known manager, and whether it answers
 */
public record HealPreview(
        @Nullable SwarmState state,
        String stateDetail,
        HealPlan plan,
        List<Overruled> overruled,
        List<Asked> managers) {

    /** Copies the lists. */
    public HealPreview {
        overruled = List.copyOf(overruled);
        managers = List.copyOf(managers);
    }

    /**
     * A closed gate that an order does not heed.
     *
     * @param reason its name, as status and metrics print it
     * @param text the same in words
     */
    public record Overruled(String reason, String text) {
        static Overruled of(HealPlan closed) {
            return new Overruled(closed.reasonLabel(), closed.explanation());
        }
    }

    /** Whether another manager is alive, as far as can be seen from here. */
    public enum Answer {
        /** Its raft port took a connection within {@code hold}. */
        ANSWERS,
        /** It did not. */
        SILENT,
        /** It could not be asked: its address is not known. */
        NOT_ASKED;

        /** {@return the name as it is printed, e.g. {@code not-asked}} */
        public String label() {
            return Labels.of(this);
        }
    }

    /** One manager and its answer. */
    public record Asked(Manager manager, Answer answer) {}
}
