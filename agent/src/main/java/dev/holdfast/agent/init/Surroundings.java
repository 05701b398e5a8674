package dev.holdfast.agent.init;

import dev.holdfast.swarm.DefaultRoute;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What this host tells of itself and its network.
 *
 * @param hostName its name
 * @param cards its network interfaces
 * @param route its default route
 * @param docker whether there is a Docker engine
 * @param nodes the names of the Swarm's nodes, managers first; empty where there is none or it does not tell
 * @param nodeAddresses their addresses, in the same order
 * @param inSwarm whether the host is in a Swarm
 */
public record Surroundings(
        String hostName,
        List<NetworkCard> cards,
        Optional<DefaultRoute> route,
        boolean docker,
        List<String> nodes,
        List<IpAddress> nodeAddresses,
        boolean inSwarm) {
    /** Copies the lists. */
    public Surroundings {
        cards = List.copyOf(cards);
        nodes = List.copyOf(nodes);
        nodeAddresses = List.copyOf(nodeAddresses);
    }
}
