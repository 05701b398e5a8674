package dev.holdfast.swarm;

/**
 * Looks after the Swarm in every other respect than a lost quorum. Called on the healer's thread after each look that did not
 * end in a force, so that no two changes of the Swarm by this agent ever overlap; may block for the engine's time-outs.
 */
@FunctionalInterface
public interface Caretaker {

    /** Looks after nothing. */
    Caretaker NONE = _ -> {};

    /**
     * One look, and what healing made of it.
     *
     * @param snapshot the look
     * @param stateSinceNanos since when every look had its state, without a break
     * @param master whether this host is MASTER
     * @param plan what healing decided
     * @param nowNanos on the healer's clock
     * @param everInSwarm whether the engine was ever seen in a Swarm, also before a restart
     */
    record Round(
            SwarmSnapshot snapshot,
            long stateSinceNanos,
            boolean master,
            HealPlan plan,
            long nowNanos,
            boolean everInSwarm) {}

    /** Does what is due. What it throws is logged, and the next round comes. */
    void attend(Round round);
}
