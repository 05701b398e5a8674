package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.RuleEntry;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule that is there while the instance is MASTER and says which table routes a packet. Its text is that of
 * {@code ip rule}, for example {@code from 10.0.0.70 table 100}.
 *
 * @param family whose packets
 * @param action what becomes of them
 * @param from where they come from; empty: anywhere
 * @param to where they go; empty: anywhere
 * @param table 1..2147483647, with the action TABLE alone, else 0
 * @param priority 1..4294967295, the lowest is asked first
 * @param mark the firewall's mark on them, as an unsigned number
 * @param mask which bits of the mark count; empty: all
 * @param input the interface they came in by
 * @param output the interface that the socket they come from is bound to
 */
public record VirtualRule(
        IpFamily family,
        Action action,
        Optional<IpPrefix> from,
        Optional<IpPrefix> to,
        int table,
        long priority,
        OptionalInt mark,
        OptionalInt mask,
        Optional<String> input,
        Optional<String> output) {
    /** Of a rule that names none; before those of the tables main and default, and the one that keepalived begins with. */
    public static final long DEFAULT_PRIORITY = 16_384;

    /** What becomes of the packets. */
    public enum Action {
        /** The table routes them. */
        TABLE(1),
        /** They vanish. */
        BLACKHOLE(6),
        /** The sender hears "network unreachable". */
        UNREACHABLE(7),
        /** The sender hears "administratively prohibited". */
        PROHIBIT(8);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Collects what the words say. */
    private static final class Draft {
        private Optional<Action> action = Optional.empty();
        private Optional<IpPrefix> from = Optional.empty();
        private Optional<IpPrefix> to = Optional.empty();
        private int table;
        private long priority = DEFAULT_PRIORITY;
        private OptionalInt mark = OptionalInt.empty();
        private OptionalInt mask = OptionalInt.empty();
        private Optional<String> input = Optional.empty();
        private Optional<String> output = Optional.empty();
    }

    /**
     * Reads {@code [from PREFIX] [to PREFIX] [fwmark MARK[/MASK]] [iif INTERFACE] [oif INTERFACE] [priority N] [inet|inet6]}
     * with {@code table TABLE}, {@code blackhole}, {@code unreachable} or {@code prohibit}; the words of keepalived for the
     * same are taken as well.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static VirtualRule parse(String text) {
        RoutingWords words = new RoutingWords(text);
        Draft draft = new Draft();
        while (words.hasNext()) {
            read(words, words.next(), draft);
        }
        if (draft.action.isEmpty()) {
            throw words.wrong("a rule needs table TABLE, blackhole, unreachable or prohibit");
        }
        return new VirtualRule(
                words.family(),
                draft.action.get(),
                draft.from,
                draft.to,
                draft.table,
                draft.priority,
                draft.mark,
                draft.mask,
                draft.input,
                draft.output);
    }

    private static void read(RoutingWords words, String option, Draft draft) {
        switch (option) {
            case "from" -> {
                words.once(option);
                draft.from = words.prefix(option).filter(prefix -> !prefix.isAll());
            }
            case "to" -> {
                words.once(option);
                draft.to = words.prefix(option).filter(prefix -> !prefix.isAll());
            }
            case "table", "lookup" -> {
                words.once("action");
                draft.action = Optional.of(Action.TABLE);
                draft.table = words.table(option);
            }
            case "blackhole", "unreachable", "prohibit" -> {
                words.once("action");
                draft.action = Optional.of(Action.valueOf(option.toUpperCase(Locale.ROOT)));
            }
            case "priority", "pref", "preference", "order" -> {
                words.once("priority");
                draft.priority = words.unsigned(option);
                if (draft.priority == 0) {
                    throw words.wrong(option + " 0 is that of the rule for the table local, which is asked first");
                }
            }
            case "fwmark" -> {
                words.once(option);
                String[] parts = words.value(option).split("/", 2);
                draft.mark = OptionalInt.of((int) words.unsigned(option, parts[0]));
                draft.mask = parts.length == 1
                        ? OptionalInt.empty()
                        : OptionalInt.of((int) words.unsigned(option, parts[1]));
            }
            case "iif", "dev" -> {
                words.once("iif");
                draft.input = Optional.of(words.device(option));
            }
            case "oif" -> {
                words.once(option);
                draft.output = Optional.of(words.device(option));
            }
            case "inet" -> words.isFamily(IpFamily.IPV4);
            case "inet6" -> words.isFamily(IpFamily.IPV6);
            default ->
                throw words.wrong(option
                        + " is not understood; from, to, fwmark, iif, oif, priority, inet6, and table, blackhole,"
                        + " unreachable or prohibit");
        }
    }

    /** As the kernel wants it. */
    RuleEntry entry() {
        return new RuleEntry(
                family,
                action.number,
                from.map(IpPrefix::address),
                from.map(IpPrefix::length).orElse(0),
                to.map(IpPrefix::address),
                to.map(IpPrefix::length).orElse(0),
                table,
                priority,
                mark,
                mask,
                input,
                output);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("from ");
        text.append(from.map(IpPrefix::toString).orElse("all"));
        to.ifPresent(prefix -> text.append(" to ").append(prefix));
        mark.ifPresent(number -> {
            text.append(" fwmark 0x").append(Integer.toHexString(number));
            mask.ifPresent(bits -> text.append("/0x").append(Integer.toHexString(bits)));
        });
        input.ifPresent(name -> text.append(" iif ").append(name));
        output.ifPresent(name -> text.append(" oif ").append(name));
        text.append(' ').append(action.word());
        if (action == Action.TABLE) {
            text.append(' ').append(RoutingWords.tableName(table));
        }
        text.append(" priority ").append(priority);
        boolean noAddress = from.isEmpty() && to.isEmpty();
        return text.append(noAddress && family == IpFamily.IPV6 ? " inet6" : "").toString();
    }
}
