package dev.holdfast.agent.track;

import dev.holdfast.agent.config.CheckConfig;
import dev.holdfast.agent.config.FileConfig;
import dev.holdfast.agent.config.ProcessConfig;
import dev.holdfast.agent.config.ScriptConfig;
import dev.holdfast.agent.config.TrackerConfig;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.vrrp.policy.RiseFall;
import java.time.Duration;
import java.util.function.Consumer;

/** Something that can be looked at again and again. Equal probes look at the same thing in the same way. */
sealed interface Probe permits ConfiguredProbe, InterfaceProbe, SwarmProbe {
    /** Shown in status and as the reason of a fault. */
    String name();

    TrackerKind kind();

    /** From one look's start to the next. */
    Duration interval();

    /** Successes in a row that end DOWN. */
    default int rise() {
        return 1;
    }

    /** Failures in a row that end UP. */
    default int fall() {
        return 1;
    }

    /** What it counts as before the first look. */
    default RiseFall.State initialState() {
        return RiseFall.State.UNKNOWN;
    }

    /** Called once before the first look, unless a reload has put this probe in the place of another. */
    default void prepare() {}

    /**
     * Looks once; returns when another look may start.
     *
     * @param outcome hears the result, once or, if nothing can be said, not at all
     */
    void look(Consumer<Reading> outcome) throws InterruptedException;

    /** What looks at a configured thing. */
    static Probe of(TrackerConfig config) {
        return switch (config.withoutWeight()) {
            case ScriptConfig script -> new ScriptProbe(script);
            case CheckConfig check -> new CheckProbe(check);
            case FileConfig file -> new FileProbe(file);
            case ProcessConfig process -> new ProcessProbe(process);
        };
    }
}
