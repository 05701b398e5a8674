package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The {@code notify} lines of an instance or a sync group. */
final class Hooks {
    private static final List<String> KEYS = List.of("any", "master", "backup", "fault", "stop");

    private final Findings findings;
    private final Values values;
    private final Map<String, Item> hooks = new HashMap<>();

    Hooks(Findings findings, Values values) {
        this.findings = findings;
        this.values = values;
    }

    /** Reads one of them; false if the statement is none. */
    boolean read(Statement statement, String label) {
        String keyword = statement.keyword();
        String key = keyword.equals("notify") ? "any" : keyword.replaceFirst("^notify_", "");
        if (!keyword.startsWith("notify") || !KEYS.contains(key)) {
            return false;
        }
        if (hooks.containsKey(key)) {
            // The other way round than for all other keywords, as in keepalived.
            findings.warn(WarningReason.REPEATED, statement.at(), label, "is there twice; the first one counts");
        } else {
            values.hook(statement, label).ifPresent(command -> hooks.put(key, command));
        }
        return true;
    }

    void write(HoconWriter writer) {
        if (hooks.isEmpty()) {
            return;
        }
        writer.open("notify");
        for (String key : KEYS) {
            Item command = hooks.get(key);
            if (command != null) {
                writer.putList(key, List.of(command));
            }
        }
        writer.close();
    }
}
