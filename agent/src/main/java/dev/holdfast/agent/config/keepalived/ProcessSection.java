package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.report.FaultReason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** One {@code vrrp_track_process}. */
final class ProcessSection extends TrackedSection {
    private static final List<String> KEYS = List.of(
            "process",
            "full-command",
            "param-match",
            "quorum",
            "quorum-max",
            "delay",
            "fork-delay",
            "terminate-delay",
            "weight",
            "reverse");

    ProcessSection(Findings findings, Values values, String name, Statement section) {
        super(findings, values, Block.VRRP_TRACK_PROCESS, name, section, KEYS);
        readAll(section);
    }

    @Override
    boolean read(Statement statement, String inner, Source source) {
        switch (statement.keyword()) {
            case "process" -> process(statement, inner, source);
            case "param_match" ->
                set(
                        "param-match",
                        values.word(statement, inner)
                                .map(word -> new Item(HoconWriter.string(word.toLowerCase(Locale.ROOT)), source)));
            case "quorum" -> set("quorum", values.number(statement, inner));
            case "quorum_max" -> set("quorum-max", values.number(statement, inner));
            case "delay" -> set("delay", time(statement, inner));
            case "fork_delay" -> set("fork-delay", time(statement, inner));
            case "terminate_delay" -> set("terminate-delay", time(statement, inner));
            case "full_command" -> set("full-command", Optional.of(new Item("true", source)));
            case "weight" -> {
                set("weight", weight(statement, inner));
                if (isReversed(statement)) {
                    setIfAbsent("reverse", new Item("true", source));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A quoted string is one word, blanks and all. */
    private void process(Statement statement, String inner, Source source) {
        if (statement.arguments().isEmpty()) {
            findings.fault(FaultReason.MISSING, statement.at(), inner, "", "the name of a process");
            return;
        }
        String words = statement.arguments().stream()
                .map(word -> HoconWriter.quote(word.text()))
                .collect(Collectors.joining(", ", "[", "]"));
        set("process", Optional.of(new Item(words, source)));
    }
}
