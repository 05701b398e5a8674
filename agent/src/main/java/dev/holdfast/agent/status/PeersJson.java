package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.peer.PeerRefusal;
import java.util.TreeMap;

/** The channel to the other agents as JSON. */
final class PeersJson {
    private PeersJson() {}

    static ObjectNode of(PeersStatus peers) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("enabled", peers.on())
                .put("detail", peers.detail())
                .put("configured", peers.configured())
                .put("connected", peers.connected());
        ArrayNode agents = node.putArray("agents");
        peers.peers()
                .forEach(peer -> agents.addObject()
                        .put("name", peer.name())
                        .put("address", peer.address())
                        .put("counts", peer.counts())
                        .put("connected", peer.connected())
                        .put("heardSecondsAgo", peer.heardSecondsAgo().orElse(null))
                        .put("master", peer.master())
                        .put("swarmState", peer.swarmState())
                        .put("reason", peer.reason()));
        ObjectNode requests = node.putObject("requests");
        new TreeMap<>(peers.requests()).forEach((type, results) -> {
            ObjectNode counts = requests.putObject(type);
            new TreeMap<>(results).forEach(counts::put);
        });
        ObjectNode refused = node.putObject("refused");
        new TreeMap<>(peers.refused()).forEach((PeerRefusal reason, Long count) -> refused.put(reason.label(), count));
        return node;
    }
}
