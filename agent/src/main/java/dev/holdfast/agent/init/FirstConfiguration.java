package dev.holdfast.agent.init;

import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What goes into the file.
 *
 * @param vip the virtual address
 * @param interfaceName where
 * @param virtualRouterId 1..255
 * @param priorities by node
 * @param peers all hosts' addresses, as far as known
 * @param unicast whether adverts go to each of them
 * @param gateway the default gateway, which healing asks as its witness
 * @param docker whether there is an engine to watch
 * @param inSwarm whether the host is in a Swarm
 */
public record FirstConfiguration(
        VipAddress vip,
        String interfaceName,
        int virtualRouterId,
        Map<String, Integer> priorities,
        List<IpAddress> peers,
        boolean unicast,
        Optional<InetAddress> gateway,
        boolean docker,
        boolean inSwarm) {
    /** Copies the list; the map is kept as it is, in its order. */
    public FirstConfiguration {
        peers = List.copyOf(peers);
    }

    /** The file, the same for all nodes. */
    public String text() {
        return """
                # Holdfast: one virtual address. This file is the same on all nodes.
                # After a change: holdfast check && systemctl reload holdfast

                holdfast {
                  vrrp.instances.VI_1 {
                    # The network interface, on every node of this name.
                    interface = "%s"

                    # 1..255, the same on all nodes, and nobody else's on this network.
                    virtual-router-id = %d

                    # The address that is always on one healthy node.
                    addresses = ["%s"]

                    # By the nodes' names. The highest one that is alive has the address.
                    priorities {
                %s
                    }
                %s%s  }

                %s}
                """.formatted(
                        interfaceName,
                        virtualRouterId,
                        vip.address() + "/" + vip.prefixLength(),
                        priorities.entrySet().stream()
                                .map(node -> "      \"" + node.getKey() + "\" = " + node.getValue())
                                .collect(Collectors.joining("\n")),
                        adverts(),
                        following(),
                        healing());
    }

    private String adverts() {
        if (peers.isEmpty()) {
            return "";
        }
        String list = peers.stream().map(peer -> "\"" + peer + "\"").collect(Collectors.joining(", "));
        return unicast ? """

                    # The addresses of all nodes: adverts go to each of them, not to a multicast group.
                    unicast.peers = [%s]
                """.formatted(list) : """

                    # Where the network carries no multicast: the addresses of all nodes, and adverts go to each of them.
                    #unicast.peers = [%s]
                """.formatted(list);
    }

    private String following() {
        return inSwarm ? """

                    # The address leaves a node whose Docker is down, or that is drained or not ready.
                    track.swarm = on
                """ : "";
    }

    private String healing() {
        if (!docker) {
            return """
                  # There was no Docker engine here. With one, Holdfast watches its Swarm and heals it: take this line out.
                  swarm.enabled = false
                """;
        }
        return gateway.map(address -> """
                  # A Swarm that has truly lost its quorum is formed anew by the node that has the address, if a witness shows that it is not
                  # that node which is cut off: the default gateway, here %s. "observe" instead of "guarded" only tells what it would do.
                  swarm.heal { policy = guarded, witnesses = [gateway] }
                """.formatted(address.getHostAddress())).orElse("""
                  # A Swarm that has truly lost its quorum is formed anew by the node that has the address, if a witness shows that it is not
                  # that node which is cut off. There is no default gateway here: name an address that every node reaches, or nothing is healed.
                  #swarm.heal { policy = guarded, witnesses = ["10.0.0.1"] }
                """);
    }
}
