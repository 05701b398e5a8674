package dev.holdfast.swarm.managers;

/** {@code swarm.heal.rejoin}. */
public enum RejoinMode {
    /** Only says that this node should leave and join again. */
    OFF,
    /** Leaves and joins again, unless something would be lost. The default. */
    AUTO,
    /** Also then. */
    FORCE
}
