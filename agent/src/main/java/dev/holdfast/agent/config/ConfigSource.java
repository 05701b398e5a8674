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
     * Loads a configuration only to judge it: keys of signed adverts may be where this process can't read them.
     *
     * @throws ConfigException with all faults
     */
    public static LoadedConfig judge(Path hocon) throws ConfigException {
        return ConfigLoader.ofThisHost().toJudge().load(hocon);
    }

    /** As {@link #judge(Path)}, of a keepalived.conf. */
    public static LoadedConfig judgeKeepalived(Path keepalivedConf) throws ConfigException {
        return judgeKeepalived(keepalivedConf, Importer.defaultConfigId());
    }

    /**
     * As {@link #judgeKeepalived(Path)}, for a host that goes by another name.
     *
     * @param configId what the {@code @id} lines of the file are held against
     */
    public static LoadedConfig judgeKeepalived(Path keepalivedConf, String configId) throws ConfigException {
        return Importer.load(
                Importer.convert(keepalivedConf, configId),
                ConfigLoader.ofThisHost().toJudge());
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
