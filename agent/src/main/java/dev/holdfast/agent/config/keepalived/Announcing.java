package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.report.WarningReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** keepalived's keywords about gratuitous ARP and neighbour advertisements, of {@code global_defs} or of one instance. */
final class Announcing {
    /** In the order that people read them. */
    private static final List<String> KEYS = List.of(
            "repeat",
            "delay",
            "lower-priority-repeat",
            "lower-priority-delay",
            "refresh",
            "refresh-repeat",
            "arp-interval",
            "na-interval");

    private static final Map<String, String> BY_KEYWORD = Map.of(
            "garp_master_repeat", "repeat",
            "garp_master_delay", "delay",
            "garp_lower_prio_repeat", "lower-priority-repeat",
            "garp_lower_prio_delay", "lower-priority-delay",
            "garp_master_refresh", "refresh",
            "garp_master_refresh_repeat", "refresh-repeat",
            "garp_interval", "arp-interval",
            "gna_interval", "na-interval");

    private static final List<String> INTERVALS = List.of("arp-interval", "na-interval");

    private final Findings findings;
    private final Values values;
    private final Map<String, Item> settings = new TreeMap<>();
    private Optional<Source> least = Optional.empty();
    private Optional<Extra> extra = Optional.empty();
    private Optional<Duration> refresh = Optional.empty();

    /** How often addresses on other interfaces are announced anew. */
    private record Extra(Duration every, Source source) {}

    Announcing(Findings findings, Values values) {
        this.findings = findings;
        this.values = values;
    }

    /**
     * Takes in a statement if it is about announcements.
     *
     * @param name the keyword without the {@code vrrp_} that it has in global_defs
     * @return whether it was
     */
    boolean read(String name, Statement statement, String label) {
        switch (name) {
            case "garp_extra_if", "vmac_garp_intvl" -> extra(statement, label);
            case "min_garp" -> least(statement, label);
            default -> {
                String key = BY_KEYWORD.get(name);
                if (key == null) {
                    return false;
                }
                setting(key, statement, label);
            }
        }
        return true;
    }

    private void setting(String key, Statement statement, String label) {
        Source source = new Source(statement.at(), label);
        if (key.endsWith("repeat")) {
            values.number(statement, label).ifPresent(item -> set(key, atLeastOnce(key, item)));
        } else {
            values.seconds(statement, label).ifPresent(time -> {
                set(key, Values.time(time, source));
                if (key.equals("refresh")) {
                    refresh = Optional.of(time);
                }
            });
        }
    }

    /** keepalived takes 0 for 1, but for rivals, where it means never. */
    private Item atLeastOnce(String key, Item item) {
        if (!item.rendered().equals("0") || key.startsWith("lower-priority")) {
            return item;
        }
        findings.notCarried(item.source().position(), item.source().label(), "0 means 1 in keepalived; it is 1");
        return new Item("1", item.source());
    }

    private void set(String key, Item item) {
        if (settings.put(key, item) != null) {
            Source source = item.source();
            findings.warn(WarningReason.REPEATED, source.position(), source.label(), "is there twice; this one counts");
        }
    }

    /** {@code vrrp_min_garp}: each address once, and never again; what is said otherwise counts. */
    private void least(Statement statement, String label) {
        if (values.hasBlock(statement, label)) {
            return;
        }
        boolean wanted = statement.arguments().isEmpty()
                || List.of("true", "on", "yes")
                        .contains(statement.arguments().getFirst().text());
        if (wanted) {
            least = Optional.of(new Source(statement.at(), label));
        }
    }

    /** {@code [all] SECONDS}: our refresh announces each address on the interface that holds it, so it does for both. */
    private void extra(Statement statement, String label) {
        List<Statement.Word> words = statement.arguments().stream()
                .filter(word -> !word.text().equals("all"))
                .toList();
        Statement seconds = new Statement(statement.at(), statement.keyword(), words, statement.block());
        values.seconds(seconds, label)
                .filter(every -> !every.isZero())
                .ifPresent(every -> extra = Optional.of(new Extra(every, new Source(statement.at(), label))));
    }

    /** The intervals of the {@code garp_group} that an instance's interface is in. */
    void joinGroup(Announcing group) {
        for (String key : INTERVALS) {
            Item item = group.settings.get(key);
            if (item != null) {
                settings.put(key, item);
            }
        }
    }

    /** Writes the block, if there is anything to say. */
    void write(HoconWriter writer) {
        extra.filter(wanted -> refresh.filter(r -> !r.isZero() && r.compareTo(wanted.every()) <= 0)
                        .isEmpty())
                .ifPresent(wanted -> settings.put("refresh", Values.time(wanted.every(), wanted.source())));
        least.ifPresent(source -> {
            settings.putIfAbsent("repeat", new Item("1", source));
            settings.putIfAbsent("delay", new Item("0s", source));
            settings.putIfAbsent("refresh", new Item("0s", source));
        });
        if (settings.isEmpty()) {
            return;
        }
        writer.open("announce");
        for (String key : KEYS) {
            Item item = settings.get(key);
            if (item != null) {
                writer.put(key, item);
            }
        }
        writer.close();
    }
}
