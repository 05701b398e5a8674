package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import dev.holdfast.agent.config.report.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The addresses of {@code virtual_ipaddress} or {@code virtual_ipaddress_excluded}, with their options. */
final class AddressSection {
    /** What begins an address, where several stand on one line. */
    static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(/\\d+)?,?");

    private static final Set<String> WITH_VALUE =
            Set.of("dev", "brd", "broadcast", "label", "scope", "peer", "preferred_lft", "valid_lft", "track_group");
    private static final Set<String> SCOPES = Set.of("global", "site", "link", "host", "nowhere");

    private final Findings findings;
    private final Values values;
    private final List<Entry> entries = new ArrayList<>();

    /** One address; its options are keys of HOCON with their values as they are written there. */
    private record Entry(String address, Map<String, String> options, Source source) {
        boolean isIpv6() {
            return address.indexOf(':') >= 0;
        }
    }

    AddressSection(Findings findings, Values values) {
        this.findings = findings;
        this.values = values;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether the first address is one of IPv6. */
    boolean isIpv6() {
        return !entries.isEmpty() && entries.getFirst().isIpv6();
    }

    /** Reads the lines of a block; several addresses may stand on one line. */
    void read(List<Statement> block, String label) {
        for (Statement line : block) {
            if (values.hasBlock(line, label)) {
                continue;
            }
            List<String> words = new ArrayList<>();
            words.add(line.keyword());
            line.arguments().stream().map(Word::text).forEach(words::add);
            line(line.at(), label, words);
        }
    }

    private void line(Position at, String label, List<String> words) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (i == 0 || ADDRESS.matcher(word).matches()) {
                options = new LinkedHashMap<>();
                entries.add(new Entry(values.withoutComma(word, at, label), options, new Source(at, label)));
            } else if (WITH_VALUE.contains(word) && i + 1 < words.size()) {
                i++;
                option(at, label, options, word, values.withoutComma(words.get(i), at, label));
            } else {
                flag(at, label, options, word);
            }
        }
    }

    private void option(Position at, String label, Map<String, String> options, String option, String value) {
        switch (option) {
            case "dev" -> options.put("device", value);
            case "label" -> ipv4Option(at, label, options, "label", value);
            case "brd", "broadcast" -> ipv4Option(at, label, options, "broadcast", value);
            case "scope" -> {
                if (SCOPES.contains(value) || (value.matches("\\d{1,3}") && Integer.parseInt(value) < 256)) {
                    ipv4Option(at, label, options, "scope", value);
                } else {
                    findings.notCarried(at, label, "scope " + value + " does not exist; the scope is global");
                }
            }
            case "preferred_lft" -> {
                if (value.equals("0") || value.equals("forever")) {
                    options.put("deprecated", String.valueOf(value.equals("0")));
                } else {
                    leftOut(at, label, option + " " + value);
                }
            }
            default -> leftOut(at, label, option + " " + value);
        }
    }

    private void ipv4Option(Position at, String label, Map<String, String> options, String key, String value) {
        if (entries.getLast().isIpv6()) {
            findings.notCarried(at, label, key + " is for IPv4 addresses alone, and keepalived ignores it too");
        } else {
            options.put(key, value);
        }
    }

    private void flag(Position at, String label, Map<String, String> options, String flag) {
        switch (flag) {
            // keepalived does so for each virtual address, too, whether it is said or not.
            case "-nodad", "nodad" -> {}
            case "noprefixroute" -> options.put("prefix-route", "false");
            case "no_track" -> options.put("track", "false");
            default -> leftOut(at, label, flag);
        }
    }

    private void leftOut(Position at, String label, String option) {
        findings.notCarried(at, label, "the option " + option + " has no counterpart here");
    }

    /**
     * The items of the list in HOCON.
     *
     * @param ownInterface the instance's as it is written there, which is no device to name
     */
    List<Item> items(@Nullable String ownInterface) {
        List<Item> items = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, String> options = new LinkedHashMap<>(entry.options());
            if (HoconWriter.string(options.getOrDefault("device", "")).equals(ownInterface)) {
                options.remove("device");
            }
            options.remove("scope", "global");
            if (!options.containsKey("device") && options.remove("track") != null) {
                findings.notCarried(
                        entry.source().position(),
                        entry.source().label(),
                        "no_track without dev has no counterpart: an address that vanishes is always put back");
            }
            items.add(new Item(rendered(entry.address(), options), entry.source()));
        }
        return items;
    }

    private static String rendered(String address, Map<String, String> options) {
        if (options.isEmpty()) {
            return HoconWriter.quote(address);
        }
        return options.entrySet().stream()
                .map(option -> ", " + option.getKey() + " = " + value(option.getKey(), option.getValue()))
                .collect(Collectors.joining("", "{ address = " + HoconWriter.quote(address), " }"));
    }

    private static String value(String key, String text) {
        return switch (key) {
            case "track", "prefix-route", "deprecated" -> text;
            case "scope" -> Values.number(text).equals(text) ? text : HoconWriter.string(text);
            default -> HoconWriter.string(text);
        };
    }
}
