package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.Position;
import java.util.List;
import java.util.Map;

/**
 * A keepalived.conf in HOCON.
 *
 * @param file what the keepalived.conf is called
 * @param hocon the text; worth nothing if there are faults
 * @param faults what could not be understood
 * @param warnings what was not carried over, and what was put right
 * @param sources where the keys of the HOCON come from
 */
public record Conversion(
        String file, String hocon, List<Fault> faults, List<ConfigWarning> warnings, Map<String, Source> sources) {
    private static final Map<String, String> KEYWORDS = Map.of(
            "interface", "interface",
            "virtual-router-id", "virtual_router_id",
            "addresses", "virtual_ipaddress",
            "members", "group",
            "peers", "unicast_peer",
            "password", "auth_pass",
            "command", "script",
            "instances", "vrrp_instance");

    public Conversion {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
        sources = Map.copyOf(sources);
    }

    /**
     * Converts; never fails, but says what is wrong in {@link #faults}.
     *
     * @param file what the file is called; what it includes is looked for next to it
     * @param text its text
     * @param setting what else the outcome depends on
     */
    public static Conversion of(String file, String text, Setting setting) {
        return new Converter(file, setting).convert(text);
    }

    /** Where a key of the HOCON stands in the keepalived.conf: itself, or what it is missing from. */
    public Position position(String key) {
        Source source = sources.get(nearest(key));
        return source == null ? Position.of(file) : source.position();
    }

    /** What a key of the HOCON is called in the keepalived.conf. */
    public String label(String key) {
        String nearest = nearest(key);
        Source source = sources.get(nearest);
        String last = key.substring(key.lastIndexOf('.') + 1);
        if (source == null) {
            return KEYWORDS.getOrDefault(last, key);
        }
        String keyword = nearest.equals(key) ? null : KEYWORDS.get(last);
        return keyword == null || source.label().endsWith(keyword) ? source.label() : source.label() + ": " + keyword;
    }

    private String nearest(String key) {
        String outer = key;
        while (!sources.containsKey(outer)) {
            int cut = Math.max(outer.lastIndexOf('.'), outer.lastIndexOf('['));
            if (cut < 0) {
                return "";
            }
            outer = outer.substring(0, cut);
        }
        return outer;
    }
}
