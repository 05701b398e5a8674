package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Labels;

/** What the keepers look after, in the order in which they are asked. */
public enum KeepTask {
    /** A locked Swarm is opened. */
    UNLOCK,
    /** A manager that fell out leaves and joins again. */
    REJOIN,
    /** Fresh hosts become one Swarm. */
    BOOTSTRAP,
    /** The number of managers is kept. */
    MANAGERS,
    /** What a node that rejoined has left behind is removed. */
    OLD_ENTRIES;

    /** {@return the name as status and log print it} */
    public String label() {
        return Labels.of(this);
    }
}
