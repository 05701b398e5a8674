package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealRefusal;
import java.time.Duration;
import java.util.List;

/** What came of asking for promises. */
public sealed interface Ruling {

    /**
     * A majority has promised.
     *
     * @param epoch of the force that may follow
     * @param nodeId the node that may be forced, and no other
     * @param askedNanos when the first agent was asked, on the healer's clock
     * @param agents whose promise it is, without this agent
     */
    record Majority(long epoch, String nodeId, long askedNanos, List<String> agents) implements Ruling {

        /**
         * How long it may be used. That no two sides force does not depend on it; that the agents did not see a leader lately
         * does.
         */
        public static final Duration VALID = Duration.ofSeconds(10);

        /** Copies the list. */
        public Majority {
            agents = List.copyOf(agents);
        }

        /** {@return whether it may still be used} */
        public boolean isValid(long nowNanos) {
            return nowNanos - askedNanos < VALID.toNanos();
        }
    }

    /** There is none. */
    record Refused(HealRefusal reason, String detail) implements Ruling {}
}
