package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Labels;

/** What the keepers look after, in the order in which they are asked. */
public enum KeepTask {
    /** A locked Swarm is opened. */
    UNLOCK,
    /** The number of managers is kept. */
    MANAGERS;

    /** {@return the name as status and log print it} */
    public String label() {
        return Labels.of(this);
    }
}
