package dev.holdfast.agent.config;

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
        return loadKeepalived(keepalivedConf, Importer.defaultConfigId());
    }

    /**
     * As {@link #loadKeepalived(Path)}, for a host that goes by another name.
     *
     * @param configId what the {@code @id} lines of the file are held against
     */
    public static LoadedConfig loadKeepalived(Path keepalivedConf, String configId) throws ConfigException {
        return Importer.load(Importer.convert(keepalivedConf, configId), ConfigLoader.ofThisHost());
    }
}
