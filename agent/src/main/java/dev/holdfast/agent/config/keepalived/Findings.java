package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is found while one keepalived.conf is converted. */
final class Findings {
    private final String file;
    private final List<Fault> faults = new ArrayList<>();
    private final List<ConfigWarning> warnings = new ArrayList<>();

    Findings(String file) {
        this.file = file;
    }

    void fault(FaultReason reason, Position at, String label, String value, String accepted) {
        faults.add(new Fault(reason, at, plain(label), plain(value), accepted));
    }

    void warn(WarningReason reason, Position at, String label, String text) {
        warnings.add(new ConfigWarning(reason, at, plain(label), plain(text)));
    }

    void notCarried(Position at, String label, String why) {
        warn(WarningReason.NOT_CARRIED_OVER, at, label, why);
    }

    /** A line that stands where there is one already. */
    void repeated(Source source) {
        warn(WarningReason.REPEATED, source.position(), source.label(), "is there twice; this one counts");
    }

    List<Fault> faults() {
        return faults;
    }

    List<ConfigWarning> warnings() {
        return warnings;
    }

    /** A place as a comment in the HOCON names it; without the file's name, if that is the one converted. */
    String where(Position at) {
        return at.file().equals(file) ? "line " + at.line() : "line " + at.line() + " of " + at.file();
    }

    /** What was left out, as comments. */
    void comment(HoconWriter writer, Map<Position, String> omissions) {
        omissions.forEach((at, keyword) -> writer.comment("Left out: " + keyword + " (" + where(at) + ")"));
    }

    /** On one line of bounded length, whatever the file holds. */
    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
