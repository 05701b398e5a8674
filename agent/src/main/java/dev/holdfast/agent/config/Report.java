package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what is found while one file is read, so that all faults come at once. */
final class Report {
    private static final int SHOWN = 80;

    private final String file;
    private final Map<String, Position> places = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<ConfigWarning> warnings = new ArrayList<>();

    Report(String file) {
        this.file = file;
    }

    /** The file's name as the user gave it. */
    String file() {
        return file;
    }

    /** Remembers where a key was written. */
    void place(String key, Position position) {
        places.put(key, position);
    }

    Positions positions() {
        return new Positions(file, places);
    }

    void fault(FaultReason reason, String key, String value, String accepted) {
        faults.add(new Fault(reason, Positions.of(file, places, key), key, shown(value), accepted));
    }

    void warn(WarningReason reason, String key, String text) {
        warnings.add(new ConfigWarning(reason, Positions.of(file, places, key), key, text));
    }

    List<ConfigWarning> warnings() {
        return warnings.stream()
                .sorted(Comparator.comparing(ConfigWarning::position))
                .toList();
    }

    void throwIfFaulty() throws ConfigException {
        if (!faults.isEmpty()) {
            throw new ConfigException(
                    faults.stream()
                            .sorted(Comparator.comparing(Fault::position))
                            .toList(),
                    warnings());
        }
    }

    /** A value on one line of bounded length, whatever the file holds. */
    private static String shown(String value) {
        String plain = value.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
    }
}
