package dev.holdfast.agent;

import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where other agents may be asked: nothing here has to be right, for each of them is asked who it is. */
final class OtherAgents {
    private final Supplier<Set<InetAddress>> local;
    private final Supplier<Optional<SwarmSnapshot>> swarm;
    private final Supplier<List<InetAddress>> configured;

    /**
     * Gathers from several places.
     *
     * @param local this host's addresses
     * @param swarm the latest look at the Swarm
     * @param configured agents that the configuration names
     */
    OtherAgents(
            Supplier<Set<InetAddress>> local,
            Supplier<Optional<SwarmSnapshot>> swarm,
            Supplier<List<InetAddress>> configured) {
        this.local = local;
        this.swarm = swarm;
        this.configured = configured;
    }

    /**
     * The configured agents, unicast peers, whoever was heard as MASTER, and the Swarm's nodes, each address once; neither this host's
     * nor virtual ones.
     */
    List<InetAddress> addresses(AgentStatus status) {
        Set<InetAddress> addresses = new LinkedHashSet<>(configured.get());
        status.instances().forEach(instance -> addresses.addAll(routers(instance)));
        swarm.get().ifPresent(seen -> addresses.addAll(nodes(seen)));
        status.instances()
                .forEach(instance -> Stream.of(
                                instance.vrrp().spec().addresses(),
                                instance.vrrp().spec().excludedAddresses())
                        .flatMap(List::stream)
                        .map(VipAddress::address)
                        .map(IpAddress::toInetAddress)
                        .forEach(addresses::remove));
        addresses.removeAll(local.get());
        // Without a scope nobody can be reached at a link-local address.
        addresses.removeIf(address -> address.isLinkLocalAddress()
                || address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress());
        return List.copyOf(addresses);
    }

    private static List<InetAddress> routers(AgentStatus.Instance instance) {
        List<IpAddress> routers = new ArrayList<>();
        if (instance.vrrp().spec().transport() instanceof Transport.Unicast unicast) {
            unicast.peers().forEach(peer -> routers.add(peer.address()));
        }
        instance.vrrp().masterAddress().ifPresent(routers::add);
        return routers.stream().map(IpAddress::toInetAddress).toList();
    }

    private static List<InetAddress> nodes(SwarmSnapshot seen) {
        return seen.nodes().stream().flatMap(node -> address(node).stream()).toList();
    }

    private static Optional<InetAddress> address(SwarmNode node) {
        // The leader sees itself at 0.0.0.0 where it was not told another address; its raft address is right then.
        Manager manager = node.manager();
        Endpoint raft = manager == null ? null : manager.endpoint();
        try {
            return Optional.of(InetAddress.ofLiteral(raft == null ? node.address() : raft.host()));
        } catch (IllegalArgumentException e) {
            // It never came up.
            return Optional.empty();
        }
    }
}
