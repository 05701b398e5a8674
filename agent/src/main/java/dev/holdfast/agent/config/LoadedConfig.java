package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.ConfigWarning;
import java.util.List;

/**
 * A configuration that can be used.
 *
 * @param config what it says
 * @param warnings what the user should know about it, in the order of the file
 * @param positions where its keys were written
 */
public record LoadedConfig(HoldfastConfig config, List<ConfigWarning> warnings, Positions positions) {
    public LoadedConfig {
        warnings = List.copyOf(warnings);
    }
}
