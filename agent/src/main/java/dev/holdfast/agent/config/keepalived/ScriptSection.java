package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Keywords.Block;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** One {@code vrrp_script}. */
final class ScriptSection extends TrackedSection {
    private static final List<String> KEYS =
            List.of("command", "interval", "timeout", "rise", "fall", "weight", "init", "user");

    private final BiFunction<Statement, String, Optional<Item>> userOf;
    private boolean reverse;

    ScriptSection(
            Findings findings,
            Values values,
            String name,
            Statement section,
            BiFunction<Statement, String, Optional<Item>> userOf) {
        super(findings, values, Block.VRRP_SCRIPT, name, section, KEYS);
        this.userOf = userOf;
        readAll(section);
    }

    @Override
    boolean read(Statement statement, String inner, Source source) {
        switch (statement.keyword()) {
            case "script" -> set("command", values.script(statement, inner));
            case "interval", "timeout" -> set(statement.keyword(), time(statement, inner));
            case "rise", "fall" -> set(statement.keyword(), values.number(statement, inner));
            case "weight" -> {
                reverse |= isReversed(statement);
                set("weight", weight(statement, inner));
            }
            case "init_fail" -> set("init", Optional.of(new Item("down", source)));
            case "user" -> set("user", userOf.apply(statement, inner));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether the script counts the other way round, for all who track it. */
    boolean reverse() {
        return reverse;
    }

    /** @param user who runs it if it does not say so itself */
    void runBy(Optional<Item> user) {
        user.ifPresent(item -> setIfAbsent("user", item));
    }
}
