package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Labels;

/** {@code swarm.managers.mode}. */
public enum KeepMode {
    /** Never promotes and never demotes. The default. */
    OFF,
    /** Says what {@link #ON} would do. */
    OBSERVE,
    /** Keeps the number of managers. */
    ON;

    /** {@return the name as the configuration and the status print it} */
    public String label() {
        return Labels.of(this);
    }
}
