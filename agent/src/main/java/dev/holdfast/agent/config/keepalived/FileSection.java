package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One {@code track_file}, or {@code vrrp_track_file} as it was called before. */
final class FileSection extends TrackedSection {
    private static final List<String> KEYS = List.of("file", "weight", "reverse", "init-value", "overwrite");

    FileSection(Findings findings, Values values, String name, Statement section) {
        super(findings, values, Block.TRACK_FILE, name, section, KEYS);
        readAll(section);
    }

    @Override
    boolean read(Statement statement, String inner, Source source) {
        switch (statement.keyword()) {
            case "file" -> set("file", values.string(statement, inner));
            case "weight" -> {
                set("weight", weight(statement, inner));
                if (isReversed(statement)) {
                    setIfAbsent("reverse", new Item("true", source));
                }
            }
            case "init_file" -> initial(statement, source);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** {@code init_file [VALUE] [overwrite]}; the value is 0 if none is given. */
    private void initial(Statement statement, Source source) {
        List<String> words =
                new ArrayList<>(statement.arguments().stream().map(Word::text).toList());
        if (words.remove("overwrite")) {
            setIfAbsent("overwrite", new Item("true", source));
        }
        set("init-value", Optional.of(new Item(words.isEmpty() ? "0" : Values.number(words.getFirst()), source)));
        if (words.size() > 1) {
            findings.notCarried(
                    source.position(), source.label(), "more than one value; those after the first are left out");
        }
    }
}
