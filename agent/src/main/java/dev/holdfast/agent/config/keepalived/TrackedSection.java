package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A named block of something that instances track: what its keywords come to, and how it is written. */
abstract sealed class TrackedSection permits ScriptSection, FileSection, ProcessSection {
    final Findings findings;
    final Values values;
    private final Block block;
    private final String label;
    private final String name;
    private final Position at;
    private final List<String> keys;
    private final Map<String, Item> settings = new TreeMap<>();
    private final Map<Position, String> omissions = new TreeMap<>();

    /**
     * @param block where its keywords are at home
     * @param name what the user calls it
     * @param keys what it may come to, in the order in which it is written
     */
    TrackedSection(Findings findings, Values values, Block block, String name, Statement section, List<String> keys) {
        this.findings = findings;
        this.values = values;
        this.block = block;
        this.label = section.keyword() + " " + name;
        this.name = name;
        this.at = section.at();
        this.keys = keys;
    }

    /** To be called once by the constructor of each kind. */
    final void readAll(Statement section) {
        for (Statement statement : Optional.ofNullable(section.block()).orElse(List.of())) {
            String inner = label + ": " + statement.keyword();
            if (!read(statement, inner, new Source(statement.at(), inner))) {
                findings.notCarried(statement.at(), inner, Keywords.explain(block, statement.keyword()));
                omissions.put(statement.at(), statement.keyword());
            }
        }
    }

    /** Reads one keyword; false if it has no counterpart. */
    abstract boolean read(Statement statement, String inner, Source source);

    final void set(String key, Optional<Item> item) {
        item.filter(found -> settings.put(key, found) != null)
                .ifPresent(found -> findings.warn(
                        WarningReason.REPEATED,
                        found.source().position(),
                        found.source().label(),
                        "is there twice; this one counts"));
    }

    final void setIfAbsent(String key, Item item) {
        settings.putIfAbsent(key, item);
    }

    final Source source() {
        return new Source(at, label);
    }

    /** Whether {@code reverse} follows the number of a weight. */
    static boolean isReversed(Statement weight) {
        return weight.arguments().size() == 2
                && weight.arguments().get(1).text().equals("reverse");
    }

    /** The number of a weight, which {@code reverse} may follow. */
    final Optional<Item> weight(Statement statement, String inner) {
        return isReversed(statement)
                ? Optional.of(new Item(
                        Values.number(statement.arguments().getFirst().text()), new Source(statement.at(), inner)))
                : values.number(statement, inner);
    }

    final Optional<Item> time(Statement statement, String inner) {
        return values.seconds(statement, inner).map(time -> Values.time(time, new Source(statement.at(), inner)));
    }

    final void write(HoconWriter writer) {
        writer.comment(label + ", " + findings.where(at));
        findings.comment(writer, omissions);
        writer.open(name, source());
        for (String key : keys) {
            Item item = settings.get(key);
            if (item != null) {
                writer.put(key, item);
            }
        }
        writer.close();
    }
}
