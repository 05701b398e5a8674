package dev.holdfast.agent.config.report;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that can't be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;
    private final transient List<ConfigWarning> warnings;

    /** @param faults at least one, in the order of the file */
    public ConfigException(List<Fault> faults) {
        this(faults, List.of());
    }

    /**
     * A refusal with what else was noticed, for a warning often names the slip that a fault comes from.
     *
     * @param faults at least one, in the order of the file
     * @param warnings in the order of the file
     */
    public ConfigException(List<Fault> faults, List<ConfigWarning> warnings) {
        super(faults.stream().map(Fault::message).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
        this.warnings = List.copyOf(warnings);
    }

    /** All faults, in the order of the file. */
    public List<Fault> faults() {
        return faults;
    }

    /** What else was noticed, in the order of the file. */
    public List<ConfigWarning> warnings() {
        return warnings;
    }
}
