package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Labels;

/** What the keepers do to a Swarm; the label {@code action} of {@code holdfast_swarm_repairs_total}. */
public enum KeepAction {
    /** This node leaves its Swarm. */
    LEAVE,
    /** This node joins a Swarm. */
    JOIN,
    /** This node makes the first Swarm. */
    INIT,
    /** A worker becomes a manager. */
    PROMOTE,
    /** A manager becomes a worker. */
    DEMOTE,
    /** The entry of a node is removed. */
    REMOVE,
    /** A locked Swarm is opened. */
    UNLOCK;

    /** {@return the name as status, log, journal and metrics print it} */
    public String label() {
        return Labels.of(this);
    }
}
