package dev.holdfast.agent.config;

import dev.holdfast.agent.config.keepalived.Conversion;
import dev.holdfast.agent.config.report.ConfigException;
import java.nio.file.Path;

/** Loads a configuration for this host, in either notation. */
public final class ConfigSource {
    private ConfigSource() {}

    /**
     * Loads a HOCON file.
     *
     * @throws ConfigException with all faults
     */
    public static LoadedConfig load(Path hocon) throws ConfigException {
        return ConfigLoader.ofThisHost().load(hocon);
    }

    /**
     * Loads a keepalived.conf; faults and warnings cite its lines.
     *
     * @throws ConfigException with all faults
     */
    public static LoadedConfig loadKeepalived(Path keepalivedConf) throws ConfigException {
        String text = ConfigText.read(keepalivedConf);
        return Importer.load(Conversion.of(keepalivedConf.toString(), text), ConfigLoader.ofThisHost());
    }
}
