package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;

/** Reads the configuration anew each time it is asked: at the start and at each reload. */
@FunctionalInterface
public interface ConfigSupplier {
    /**
     * Reads the file as it is now.
     *
     * @throws ConfigException with every fault if it can't be used
     */
    LoadedConfig load() throws ConfigException;
}
