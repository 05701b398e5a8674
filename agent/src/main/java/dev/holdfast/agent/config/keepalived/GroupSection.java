package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import dev.holdfast.agent.config.report.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One {@code vrrp_sync_group}. */
final class GroupSection {
    private final Findings findings;
    private final Values values;
    private final String name;
    private final Position at;
    private final List<Item> members = new ArrayList<>();
    private final Tracks tracks;
    private final Hooks hooks;
    private final Map<Position, String> omissions = new TreeMap<>();
    private @Nullable Item priorityChanges;
    private boolean weighs;

    GroupSection(Findings findings, Values values, String name, Statement section) {
        this.findings = findings;
        this.values = values;
        this.name = name;
        this.at = section.at();
        this.tracks = new Tracks(findings, values);
        this.hooks = new Hooks(findings, values);
        for (Statement statement : Optional.ofNullable(section.block()).orElse(List.of())) {
            read(statement);
        }
    }

    private String label() {
        return "vrrp_sync_group " + name;
    }

    private void read(Statement statement) {
        String label = label() + ": " + statement.keyword();
        if (hooks.read(statement, label) || tracks.read(statement, label)) {
            return;
        }
        switch (statement.keyword()) {
            case "group" -> members(statement, label);
            case "notify_priority_changes" ->
                priorityChanges = values.flag(statement, label).orElse(priorityChanges);
            // Weights always count, in groups too.
            case "sync_group_tracking_weight" -> weighs = true;
            default -> {
                findings.notCarried(
                        statement.at(), label, Keywords.explain(Block.VRRP_SYNC_GROUP, statement.keyword()));
                omissions.put(statement.at(), statement.keyword());
            }
        }
    }

    /** Reads the names, of which several may stand on one line. */
    private void members(Statement statement, String label) {
        for (Statement entry : values.block(statement, label)) {
            if (values.hasBlock(entry, label)) {
                continue;
            }
            List<Word> words = new ArrayList<>(entry.arguments());
            words.addFirst(new Word(entry.keyword(), false));
            for (Word word : words) {
                String member = values.withoutComma(word.text(), entry.at(), label);
                members.add(new Item(HoconWriter.string(member), new Source(entry.at(), label)));
            }
        }
    }

    /** @param tracking which instances track something */
    void warnOfWeights(Predicate<String> tracking) {
        boolean tracked =
                !tracks.isEmpty() || members.stream().map(Item::rendered).anyMatch(tracking);
        if (tracked && !weighs) {
            findings.notCarried(
                    at,
                    label(),
                    "without sync_group_tracking_weight keepalived ignores what trackers with a weight say of its members; here they count");
        }
    }

    /**
     * Writes the group.
     *
     * @param reversed which scripts count the other way round for all
     */
    void write(HoconWriter writer, Predicate<String> reversed) {
        writer.comment(label() + ", " + findings.where(at));
        findings.comment(writer, omissions);
        writer.open(name, new Source(at, label()));
        if (!members.isEmpty()) {
            writer.putList("members", members);
        }
        if (priorityChanges != null) {
            writer.put("notify-priority-changes", priorityChanges);
        }
        tracks.write(writer, reversed);
        hooks.write(writer);
        writer.close();
    }
}
