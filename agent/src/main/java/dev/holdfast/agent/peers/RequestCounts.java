package dev.holdfast.agent.peers;

import dev.holdfast.swarm.peer.PeerReply;
import java.util.Map;
import java.util.TreeMap;

/** What was asked of others, by type and by what came of it. */
final class RequestCounts {
    private final Map<String, Map<String, Long>> counts = new TreeMap<>();

    synchronized void count(String type, PeerReply reply) {
        String result = switch (reply) {
            case PeerReply.NoAnswer _ -> "no-answer";
            case PeerReply.Refused _ -> "refused";
            default -> "answered";
        };
        counts.computeIfAbsent(type, _ -> new TreeMap<>()).merge(result, 1L, Long::sum);
    }

    synchronized Map<String, Map<String, Long>> all() {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        counts.forEach((type, results) -> all.put(type, Map.copyOf(results)));
        return all;
    }
}
