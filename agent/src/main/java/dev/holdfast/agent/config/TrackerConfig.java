package dev.holdfast.agent.config;

import java.time.Duration;

/** Something with a name of its own under {@code holdfast.vrrp} that instances can track. */
public sealed interface TrackerConfig permits ScriptConfig, CheckConfig, FileConfig, ProcessConfig {
    /** Unique among those of its kind. */
    String name();

    /** From one look's start to the next. */
    Duration interval();

    /** Successes in a row until it counts as up. */
    default int rise() {
        return 1;
    }

    /** Failures in a row until it counts as down. */
    default int fall() {
        return 1;
    }

    /** What it weighs for an instance that does not say otherwise, -254..254. */
    int weight();

    /** Whether it counts the other way round for an instance that does not say otherwise. */
    boolean reverse();

    /** The same without what only instances care about: where that is equal, the same thing is looked at in the same way. */
    TrackerConfig withoutWeight();

    /** Which kind it is. */
    default TrackerKind kind() {
        return switch (this) {
            case ScriptConfig _ -> TrackerKind.SCRIPT;
            case CheckConfig _ -> TrackerKind.CHECK;
            case FileConfig _ -> TrackerKind.FILE;
            case ProcessConfig _ -> TrackerKind.PROCESS;
        };
    }
}
