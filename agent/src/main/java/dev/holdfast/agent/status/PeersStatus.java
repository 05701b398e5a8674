package dev.holdfast.agent.status;

import dev.holdfast.peer.PeerRefusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The other agents, as this one sees them.
 *
 * @param on whether there is a channel
 * @param detail where it listens, or why it does not, or why there is none
 * @param configured how many agents count for a majority, this one included; 0 if nobody is named
 * @param peers the others that are configured, found or heard
 * @param requests what was asked of others: by type, and by result {@code answered}, {@code refused} or {@code no-answer}
 * @param refused what was refused, by reason
 */
public record PeersStatus(
        boolean on,
        String detail,
        int configured,
        List<Peer> peers,
        Map<String, Map<String, Long>> requests,
        Map<PeerRefusal, Long> refused) {
    /** There is no channel. */
    public static final PeersStatus OFF =
            new PeersStatus(false, "no secret is configured (holdfast.peers.secret)", 0, List.of(), Map.of(), Map.of());

    /** Copies the collections. */
    public PeersStatus {
        peers = List.copyOf(peers);
        requests = Map.copyOf(requests);
        refused = Map.copyOf(refused);
    }

    /**
     * Another agent, or an address where one is expected.
     *
     * @param name empty before it was ever reached
     * @param address where it is asked; empty if it is only heard
     * @param counts whether it counts for a majority
     * @param connected whether it can be asked now
     * @param heardSecondsAgo when it last reported; empty if it never did
     * @param master whether it said it is MASTER
     * @param swarmState what it said of its engine; empty if nothing
     * @param reason why it can't be asked; empty if it can
     */
    public record Peer(
            String name,
            String address,
            boolean counts,
            boolean connected,
            Optional<Long> heardSecondsAgo,
            boolean master,
            String swarmState,
            String reason) {}

    /** {@return how many other agents can be asked now} */
    public long connected() {
        return peers.stream().filter(Peer::connected).count();
    }
}
