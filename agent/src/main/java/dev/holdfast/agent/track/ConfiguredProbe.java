package dev.holdfast.agent.track;

import dev.holdfast.agent.config.TrackerConfig;
import dev.holdfast.agent.config.TrackerKind;
import java.time.Duration;

/** Looks at something that the configuration names, as often as it says. */
sealed interface ConfiguredProbe extends Probe permits ScriptProbe, CheckProbe, FileProbe, ProcessProbe {
    TrackerConfig config();

    @Override
    default String name() {
        return config().name();
    }

    @Override
    default TrackerKind kind() {
        return config().kind();
    }

    @Override
    default Duration interval() {
        return config().interval();
    }

    @Override
    default int rise() {
        return config().rise();
    }

    @Override
    default int fall() {
        return config().fall();
    }
}
