package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The {@code auth_hmac} of an instance. What stands in it may be a secret, so no value is ever shown. */
final class HmacSection {
    private static final String FILE = "file:";

    private final Findings findings;
    private final Values values;
    private final Source source;
    private final Map<String, Item> keys = new LinkedHashMap<>();
    private final Map<String, Item> settings = new LinkedHashMap<>();

    HmacSection(Findings findings, Values values, Statement section, Source source) {
        this.findings = findings;
        this.values = values;
        this.source = source;
        for (Statement statement : Optional.ofNullable(section.block()).orElse(List.of())) {
            read(statement);
        }
    }

    private void read(Statement statement) {
        String keyword = statement.keyword();
        String label = source.label() + ": " + keyword;
        Source at = new Source(statement.at(), label);
        switch (keyword) {
            case "key" -> key(statement, at);
            case "active_key" -> set("active-key", values.number(statement, label));
            case "anti_replay" -> set("anti-replay", choice(statement, at));
            case "mode" -> set("mode", choice(statement, at));
            case "time_window" ->
                set("time-window", values.seconds(statement, label).map(time -> Values.time(time, at)));
            default -> {
                String shown = Keywords.isKnown(keyword) ? keyword : Fault.HIDDEN;
                findings.notCarried(
                        statement.at(), source.label() + ": " + shown, Keywords.explain(Block.AUTH_HMAC, shown));
            }
        }
    }

    private Optional<Item> choice(Statement statement, Source at) {
        return values.word(statement, at.label())
                .map(text -> new Item(HoconWriter.string(text.toLowerCase(Locale.ROOT)), at));
    }

    private void set(String key, Optional<Item> item) {
        item.ifPresent(found -> {
            if (settings.put(key, found) != null) {
                findings.warn(
                        WarningReason.REPEATED,
                        found.source().position(),
                        found.source().label(),
                        "is there twice; this one counts");
            }
        });
    }

    private void key(Statement statement, Source at) {
        List<String> words = statement.arguments().stream().map(Word::text).toList();
        if (statement.block() != null || words.size() != 2 || !words.getFirst().matches("\\d{1,3}")) {
            findings.fault(FaultReason.MALFORMED, at.position(), at.label(), "", "key ID VALUE, with an ID of 1..255");
            return;
        }
        String value = words.get(1);
        String rendered = value.startsWith(FILE)
                ? "{ file = " + HoconWriter.quote(value.substring(FILE.length())) + " }"
                : "{ secret = " + HoconWriter.quote(value) + " }";
        if (keys.put(words.getFirst(), new Item(rendered, at)) != null) {
            findings.warn(WarningReason.REPEATED, at.position(), at.label(), "is there twice; this one counts");
        }
    }

    /** Whether keepalived would sign: without an active key it leaves adverts as they are, and so must this host. */
    boolean isComplete() {
        if (settings.containsKey("active-key")) {
            return true;
        }
        findings.notCarried(
                source.position(),
                source.label(),
                "without an active_key keepalived ignores it; adverts are not signed");
        return false;
    }

    void write(HoconWriter writer) {
        writer.open("authentication", source);
        writer.put("type", new Item("hmac", source));
        settings.forEach(writer::put);
        writer.open("keys", source);
        keys.forEach(writer::put);
        writer.close();
        writer.close();
    }
}
