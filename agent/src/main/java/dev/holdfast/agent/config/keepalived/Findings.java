package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.ArrayList;
import java.util.List;

/** What is found while one keepalived.conf is converted. */
final class Findings {
    private final String file;
    private final List<Fault> faults = new ArrayList<>();
    private final List<ConfigWarning> warnings = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    void fault(FaultReason reason, int line, String label, String value, String accepted) {
        faults.add(new Fault(reason, new Position(file, line), plain(label), plain(value), accepted));
    }

    void warn(WarningReason reason, int line, String label, String text) {
        warnings.add(new ConfigWarning(reason, new Position(file, line), plain(label), plain(text)));
    }

    void notCarried(int line, String label, String why) {
        warn(WarningReason.NOT_CARRIED_OVER, line, label, why);
    }

    List<Fault> faults() {
        return faults;
    }

    List<ConfigWarning> warnings() {
        return warnings;
    }

    /** On one line of bounded length, whatever the file holds. */
    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
