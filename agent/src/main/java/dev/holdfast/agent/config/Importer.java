package dev.holdfast.agent.config;

import dev.holdfast.agent.config.keepalived.Conversion;
import dev.holdfast.agent.config.keepalived.Setting;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns a keepalived.conf into HOCON that {@link ConfigLoader} takes, or says what keeps it from that. */
public final class Importer {
    private Importer() {}

    /**
     * A keepalived.conf in HOCON.
     *
     * @param hocon a whole file, the same for the same input on every host; holds the passwords of the original
     * @param warnings what was left out or is doubtful, each with its line of the original; no passwords
     */
    public record Imported(String hocon, List<ConfigWarning> warnings) {
        public Imported {
            warnings = List.copyOf(warnings);
        }

        /** Leaves the text out, for it holds passwords. */
        @Override
        public String toString() {
            return "Imported[" + warnings.size() + " warnings]";
        }
    }

    /**
     * Converts a keepalived.conf. What is returned loads.
     *
     * @throws ConfigException with all faults, at their lines of the keepalived.conf
     */
    public static Imported importFile(Path file) throws ConfigException {
        return importFile(file, defaultConfigId());
    }

    /**
     * As {@link #importFile(Path)}, for a host that is named.
     *
     * @param configId what the {@code @id} lines of the file are held against
     */
    public static Imported importFile(Path file, String configId) throws ConfigException {
        return imported(convert(file, configId));
    }

    /** As {@link #importFile(Path)}, for a text that belongs to no file and can include none. */
    public static Imported importText(String name, String text) throws ConfigException {
        return imported(Conversion.of(name, text, new Setting(Optional.empty(), defaultConfigId())));
    }

    /** Converts a file with what it includes. */
    static Conversion convert(Path file, String configId) throws ConfigException {
        return Conversion.of(
                file.toString(), ConfigText.read(file), new Setting(Optional.of(ConfigText::read), configId));
    }

    /** The host's name up to the first dot. */
    static String defaultConfigId() {
        return ConfigLoader.kernelHostName().replaceFirst("\\..*", "");
    }

    private static Imported imported(Conversion conversion) throws ConfigException {
        // The judgement must not depend on the host that the import happens to run on.
        LoadedConfig loaded = load(conversion, new ConfigLoader(Map.of(), () -> "localhost").toJudge());
        return new Imported(conversion.hocon(), loaded.warnings());
    }

    /** Loads a converted keepalived.conf; faults, warnings and positions are those of the original. */
    static LoadedConfig load(Conversion conversion, ConfigLoader loader) throws ConfigException {
        boolean formless = conversion.faults().stream().anyMatch(fault -> fault.reason() == FaultReason.SYNTAX);
        if (formless) {
            // Behind a brace too few or too many everything else is noise.
            throw new ConfigException(conversion.faults().stream()
                    .filter(fault -> fault.reason() == FaultReason.SYNTAX)
                    .toList());
        }
        LoadedConfig loaded;
        try {
            loaded = loader.load(conversion.file(), conversion.hocon());
        } catch (ConfigException e) {
            throw new ConfigException(
                    sorted(translated(conversion, e.faults())), allWarnings(conversion, e.warnings()));
        }
        if (!conversion.faults().isEmpty()) {
            throw new ConfigException(sorted(conversion.faults()), allWarnings(conversion, loaded.warnings()));
        }
        Map<String, Position> places = new HashMap<>();
        loaded.positions().byKey().keySet().forEach(key -> places.put(key, conversion.position(key)));
        return new LoadedConfig(
                loaded.config(), allWarnings(conversion, loaded.warnings()), new Positions(conversion.file(), places));
    }

    private static List<ConfigWarning> allWarnings(Conversion conversion, List<ConfigWarning> ofLoader) {
        List<ConfigWarning> warnings = new ArrayList<>(conversion.warnings());
        for (ConfigWarning warning : ofLoader) {
            warnings.add(new ConfigWarning(
                    warning.reason(),
                    conversion.position(warning.key()),
                    conversion.label(warning.key()),
                    warning.text()));
        }
        warnings.sort(Comparator.comparing(ConfigWarning::position));
        return warnings;
    }

    private static List<Fault> translated(Conversion conversion, List<Fault> ofLoader) {
        List<Fault> faults = new ArrayList<>(conversion.faults());
        Set<String> named = conversion.faults().stream().map(Fault::key).collect(Collectors.toSet());
        for (Fault fault : ofLoader) {
            String label = conversion.label(fault.key());
            // What could not be converted is missing for the loader, too; once is enough.
            if (!named.contains(label)) {
                faults.add(new Fault(
                        fault.reason(), conversion.position(fault.key()), label, fault.value(), fault.accepted()));
            }
        }
        return faults;
    }

    private static List<Fault> sorted(List<Fault> faults) {
        return faults.stream().sorted(Comparator.comparing(Fault::position)).toList();
    }
}
