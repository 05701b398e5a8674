package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** One {@code vrrp_script}. */
final class ScriptSection {
    private static final List<String> KEYS =
            List.of("command", "interval", "timeout", "rise", "fall", "weight", "init", "user");

    private final String name;
    private final Position at;
    private final Map<String, Item> settings = new TreeMap<>();
    private final Map<Position, String> omissions = new TreeMap<>();
    private final Findings findings;
    private boolean reverse;

    ScriptSection(
            Findings findings,
            Values values,
            String name,
            Statement section,
            BiFunction<Statement, String, Optional<Item>> userOf) {
        this.findings = findings;
        this.name = name;
        this.at = section.at();
        for (Statement statement : Optional.ofNullable(section.block()).orElse(List.of())) {
            String label = label() + ": " + statement.keyword();
            Source source = new Source(statement.at(), label);
            switch (statement.keyword()) {
                case "script" -> set("command", values.script(statement, label));
                case "interval", "timeout" ->
                    set(statement.keyword(), values.seconds(statement, label).map(time -> Values.time(time, source)));
                case "rise", "fall" -> set(statement.keyword(), values.number(statement, label));
                case "weight" -> set("weight", weight(values, statement, label));
                case "init_fail" -> set("init", Optional.of(new Item("down", source)));
                case "user" -> set("user", userOf.apply(statement, label));
                default -> {
                    findings.notCarried(
                            statement.at(), label, Keywords.explain(Block.VRRP_SCRIPT, statement.keyword()));
                    omissions.put(statement.at(), statement.keyword());
                }
            }
        }
    }

    private String label() {
        return "vrrp_script " + name;
    }

    private void set(String key, Optional<Item> item) {
        item.filter(found -> settings.put(key, found) != null)
                .ifPresent(found -> findings.warn(
                        WarningReason.REPEATED,
                        found.source().position(),
                        found.source().label(),
                        "is there twice; this one counts"));
    }

    private Optional<Item> weight(Values values, Statement statement, String label) {
        boolean reversed = statement.arguments().size() == 2
                && statement.arguments().get(1).text().equals("reverse");
        if (!reversed) {
            return values.number(statement, label);
        }
        reverse = true;
        return Optional.of(
                new Item(Values.number(statement.arguments().getFirst().text()), new Source(statement.at(), label)));
    }

    /** Whether the script counts the other way round, for all who track it. */
    boolean reverse() {
        return reverse;
    }

    void write(HoconWriter writer, Optional<Item> defaultUser) {
        defaultUser.ifPresent(user -> settings.putIfAbsent("user", user));
        writer.comment(label() + ", " + findings.where(at));
        findings.comment(writer, omissions);
        writer.open(name, new Source(at, label()));
        for (String key : KEYS) {
            Item item = settings.get(key);
            if (item != null) {
                writer.put(key, item);
            }
        }
        writer.close();
    }
}
