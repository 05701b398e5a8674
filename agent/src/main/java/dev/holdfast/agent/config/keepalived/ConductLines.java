package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How an instance, or each of them, deals with others: {@code strict_mode} and the like. */
final class ConductLines {
    private static final List<String> KEYS =
            List.of("strict", "skip-check-adv-addr", "lower-prio-no-advert", "higher-prio-send-advert");
    private static final Map<String, String> GENERAL = Map.of(
            "vrrp_strict", "strict",
            "vrrp_skip_check_adv_addr", "skip-check-adv-addr",
            "vrrp_lower_prio_no_advert", "lower-prio-no-advert",
            "vrrp_higher_prio_send_advert", "higher-prio-send-advert");
    private static final Map<String, String> OF_INSTANCE = Map.of(
            "strict_mode", "strict",
            "skip_check_adv_addr", "skip-check-adv-addr",
            "lower_prio_no_advert", "lower-prio-no-advert",
            "higher_prio_send_advert", "higher-prio-send-advert");

    private final Findings findings;
    private final Values values;
    private final Map<String, String> keywords;
    private final Map<String, Item> settings = new HashMap<>();

    private ConductLines(Findings findings, Values values, Map<String, String> keywords) {
        this.findings = findings;
        this.values = values;
        this.keywords = keywords;
    }

    /** For {@code global_defs}. */
    static ConductLines general(Findings findings, Values values) {
        return new ConductLines(findings, values, GENERAL);
    }

    /** For an instance. */
    static ConductLines ofInstance(Findings findings, Values values) {
        return new ConductLines(findings, values, OF_INSTANCE);
    }

    /** Reads one of them; false if the statement is none. */
    boolean read(Statement statement, String label) {
        String key = keywords.get(statement.keyword());
        if (key == null) {
            return false;
        }
        values.flag(statement, label).ifPresent(flag -> {
            if (settings.put(key, flag) != null) {
                findings.repeated(flag.source());
            }
        });
        return true;
    }

    /** What is said of a key, {@code true} or {@code false}. */
    private Optional<Boolean> said(String key) {
        return Optional.ofNullable(settings.get(key))
                .map(item -> item.rendered().equals("true"));
    }

    /** Whether an instance is strict, by what it says or what all do. */
    boolean isStrict(ConductLines general) {
        return said("strict").or(() -> general.said("strict")).orElse(false);
    }

    /** What strict mode does to an instance's own lines, as in keepalived: it resets what it does not allow. */
    void obeyStrict(ConductLines general, Source instance) {
        if (said("higher-prio-send-advert")
                .or(() -> general.said("higher-prio-send-advert"))
                .orElse(false)) {
            Item reset = settings.getOrDefault("higher-prio-send-advert", new Item("false", instance));
            findings.notCarried(
                    reset.source().position(),
                    reset.source().label(),
                    "strict mode allows no higher_prio_send_advert, and keepalived resets it too");
            settings.put("higher-prio-send-advert", new Item("false", reset.source()));
        }
        // There it follows from strict mode.
        settings.put(
                "lower-prio-no-advert",
                new Item(
                        "true",
                        settings.containsKey("lower-prio-no-advert")
                                ? settings.get("lower-prio-no-advert").source()
                                : instance));
    }

    void write(HoconWriter writer) {
        for (String key : KEYS) {
            Item item = settings.get(key);
            if (item != null) {
                writer.put(key, item);
            }
        }
    }
}
