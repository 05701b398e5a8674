package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import java.nio.file.Path;
import java.util.List;

/** Reads configuration files of both kinds. */
public interface ConfigFiles {
    /**
     * A keepalived.conf in Holdfast's own form.
     *
     * @param hocon the text of a holdfast.conf
     * @param warnings what has no counterpart
     */
    record Imported(String hocon, List<ConfigWarning> warnings) {
        /** Copies the list. */
        public Imported {
            warnings = List.copyOf(warnings);
        }
    }

    /** Reads a holdfast.conf. */
    LoadedConfig load(Path file) throws ConfigException;

    /** Reads a keepalived.conf. */
    LoadedConfig loadKeepalived(Path file) throws ConfigException;

    /** Translates a keepalived.conf. */
    Imported importKeepalived(Path file) throws ConfigException;

    /** What the configuration names and this host lacks: interfaces, scripts, users. */
    List<ConfigWarning> missingHere(LoadedConfig loaded);
}
