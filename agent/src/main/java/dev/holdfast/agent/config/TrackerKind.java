package dev.holdfast.agent.config;

import java.util.Locale;

/** What can be tracked. */
public enum TrackerKind {
    SCRIPT("scripts"),
    INTERFACE("interfaces"),
    CHECK("checks"),
    FILE("files"),
    PROCESS("processes"),
    SWARM("swarm");

    private final String key;

    TrackerKind(String key) {
        this.key = key;
    }

    /** The configuration's key for several of them, under {@code vrrp} and under an instance's {@code track}. */
    public String key() {
        return key;
    }

    /** The word for one of them, in lower case, for status, metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
