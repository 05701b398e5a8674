package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** One {@code garp_group}: intervals between announcements on some interfaces. */
final class GarpGroup {
    private final Set<String> interfaces = new HashSet<>();
    private final Announcing intervals;

    GarpGroup(Findings findings, Values values, Statement section) {
        this.intervals = new Announcing(findings, values);
        for (Statement statement : Objects.requireNonNullElse(section.block(), List.<Statement>of())) {
            String label = "garp_group: " + statement.keyword();
            switch (statement.keyword()) {
                case "interface" -> values.word(statement, label).ifPresent(interfaces::add);
                case "interfaces" -> {
                    for (Statement entry : Objects.requireNonNullElse(statement.block(), List.<Statement>of())) {
                        interfaces.add(entry.keyword());
                        entry.arguments().stream().map(Word::text).forEach(interfaces::add);
                    }
                    findings.notCarried(
                            statement.at(), label, "each interface keeps to the intervals by itself, not all together");
                }
                case "garp_interval", "gna_interval" -> intervals.read(statement.keyword(), statement, label);
                default ->
                    findings.notCarried(statement.at(), label, Keywords.explain(Block.GARP_GROUP, statement.keyword()));
            }
        }
    }

    /** Hands the intervals to an instance on one of the interfaces. */
    void applyTo(String interfaceName, Announcing instance) {
        if (interfaces.contains(interfaceName)) {
            instance.joinGroup(intervals);
        }
    }
}
