package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The lines of {@code virtual_routes} or {@code virtual_rules}: each one becomes a text, or is left out and named. */
final class RoutingSection {
    /** What only tunes a route or labels it, so that it may be missing. */
    private static final Set<String> DROPPED = Set.of(
            "protocol",
            "hoplimit",
            "rtt",
            "rttvar",
            "reordering",
            "window",
            "cwnd",
            "ssthresh",
            "realms",
            "rto_min",
            "initcwnd",
            "initrwnd",
            "features",
            "quickack",
            "congctl",
            "pref",
            "fastopen_no_cookie",
            "track_group");

    private final Findings findings;
    private final Values values;
    private final String kind;
    private final Function<String, ?> parse;
    private final List<Item> items = new ArrayList<>();

    /**
     * @param kind what one is called, {@code route} or {@code rule}
     * @param parse reads one, or throws IllegalArgumentException with the reason; what it gives prints itself
     */
    RoutingSection(Findings findings, Values values, String kind, Function<String, ?> parse) {
        this.findings = findings;
        this.values = values;
        this.kind = kind;
        this.parse = parse;
    }

    void read(List<Statement> block, String label) {
        for (Statement line : block) {
            if (!values.hasBlock(line, label)) {
                line(line, label).ifPresent(items::add);
            }
        }
    }

    private Optional<Item> line(Statement line, String label) {
        List<String> words = new ArrayList<>();
        words.add(line.keyword());
        line.arguments().stream().map(Word::text).forEach(words::add);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean valued = i + 1 < words.size();
            if (word.equals("no_track")) {
                findings.notCarried(
                        line.at(),
                        label,
                        "no_track has no counterpart: a " + kind + " that vanishes is always put back");
            } else if (word.equals("append")) {
                findings.notCarried(
                        line.at(), label, "append has no counterpart: the " + kind + " comes before others");
            } else if (isDropped(word) && valued) {
                i += words.get(i + 1).equals("lock") && i + 2 < words.size() ? 2 : 1;
                findings.notCarried(
                        line.at(),
                        label,
                        "the option " + word + " has no counterpart here; the " + kind + " is made without it");
            } else if (word.equals("lock") && !kept.isEmpty()) {
                findings.notCarried(line.at(), label, "lock has no counterpart here");
            } else {
                kept.add(word);
            }
        }
        try {
            String text = String.valueOf(parse.apply(String.join(" ", kept)));
            return Optional.of(new Item(HoconWriter.quote(text), new Source(line.at(), label)));
        } catch (IllegalArgumentException e) {
            findings.notCarried(line.at(), label, "this " + kind + " is left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A rule that labels its packets with realms still matches the same packets; its other options choose them. */
    private boolean isDropped(String word) {
        return kind.equals("route")
                ? DROPPED.contains(word)
                : Set.of("protocol", "realms", "track_group").contains(word);
    }

    /** The items of the list in HOCON. */
    List<Item> items() {
        return items;
    }
}
