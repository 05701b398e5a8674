package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an instance's adverts travel: the {@code unicast_} and {@code mcast_} lines. */
final class TransportLines {
    private static final Set<String> PEER_OPTIONS = Set.of("min_ttl", "max_ttl");

    private final Findings findings;
    private final Values values;
    private final List<Peer> peers = new ArrayList<>();
    private @Nullable Source unicast;
    private @Nullable Item unicastSource;
    private @Nullable Item multicastSource;
    private @Nullable Item group;
    private @Nullable Item ttl;

    /** A peer with its {@code min_ttl} and {@code max_ttl}. */
    private record Peer(String address, Map<String, String> limits, Source source) {}

    TransportLines(Findings findings, Values values) {
        this.findings = findings;
        this.values = values;
    }

    /** Reads one of them; false if the statement is none. */
    boolean read(Statement statement, String label) {
        switch (statement.keyword()) {
            case "unicast_src_ip" ->
                unicastSource = values.string(statement, label).orElse(unicastSource);
            case "mcast_src_ip" ->
                multicastSource = values.string(statement, label).orElse(multicastSource);
            case "mcast_dst_ip" -> group = values.string(statement, label).orElse(group);
            case "unicast_ttl" -> ttl = values.number(statement, label).orElse(ttl);
            case "unicast_peer" -> {
                unicast = new Source(statement.at(), label);
                peers(statement, label);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Reads the peers with their options; several may stand on one line. */
    private void peers(Statement statement, String label) {
        for (Statement entry : values.block(statement, label)) {
            if (values.hasBlock(entry, label)) {
                continue;
            }
            List<Word> words = new ArrayList<>(entry.arguments());
            words.addFirst(new Word(entry.keyword(), false));
            for (int i = 0; i < words.size(); i++) {
                String word = values.withoutComma(words.get(i).text(), entry.at(), label);
                if (i == 0 || AddressSection.ADDRESS.matcher(word).matches()) {
                    peers.add(new Peer(word, new HashMap<>(), new Source(entry.at(), label)));
                } else if (PEER_OPTIONS.contains(word) && i + 1 < words.size()) {
                    i++;
                    String limit = values.withoutComma(words.get(i).text(), entry.at(), label);
                    peers.getLast().limits().put(word, limit);
                } else {
                    findings.notCarried(entry.at(), label, "the option " + word + " has no counterpart here");
                }
            }
        }
    }

    void write(HoconWriter writer) {
        // keepalived has one source address, under either name.
        Item source = unicastSource != null ? unicastSource : multicastSource;
        if (unicast != null) {
            lost(group, "unicast has no group, and keepalived ignores it too");
            writer.open("unicast", unicast);
            if (source != null) {
                writer.put("source", source);
            }
            writer.putList("peers", peers.stream().map(this::rendered).toList());
            if (ttl != null) {
                writer.put("ttl", ttl);
            }
            writer.close();
            return;
        }
        lost(ttl, "without unicast_peer adverts are multicast, with the TTL 255");
        lost(unicastSource, "without unicast_peer adverts are multicast, as in keepalived; this is their source");
        if (source != null || group != null) {
            writer.open("multicast");
            if (source != null) {
                writer.put("source", source);
            }
            if (group != null) {
                writer.put("group", group);
            }
            writer.close();
        }
    }

    private void lost(@Nullable Item item, String why) {
        if (item != null) {
            findings.notCarried(item.source().position(), item.source().label(), why);
        }
    }

    private Item rendered(Peer peer) {
        Map<String, String> limits = peer.limits();
        // keepalived looks at a peer's TTL only if it is told to, and sends over IPv6 with a hop limit of 64.
        if (limits.isEmpty()) {
            limits = Map.of("min_ttl", "0");
        }
        String text = "{ address = " + HoconWriter.quote(peer.address()) + limit("min-ttl", limits.get("min_ttl"))
                + limit("max-ttl", limits.get("max_ttl")) + " }";
        return new Item(text, peer.source());
    }

    private static String limit(String key, @Nullable String value) {
        return Optional.ofNullable(value)
                .map(text -> ", " + key + " = " + Values.number(text))
                .orElse("");
    }
}
