package dev.holdfast.agent.init;

import dev.holdfast.agent.config.ConfigLoader;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.EngineInfo;
import dev.holdfast.swarm.RouteTable;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmObservation;
import dev.holdfast.swarm.docker.DockerSwarmGateway;
import dev.holdfast.vrrp.engine.EngineException;
import dev.holdfast.vrrp.engine.Inspection;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Asks this host, its engine and the wire. Changes nothing. */
public final class ThisHost {
    /** Three adverts at keepalived's default of one each second, and a little. */
    private static final Duration LISTEN = Duration.ofMillis(3_200);

    private static final Set<IpAddress> UNSPECIFIED = Set.of(IpAddress.parse("0.0.0.0"), IpAddress.parse("::"));

    private ThisHost() {}

    /**
     * Looks around.
     *
     * @param docker where the engine listens
     * @throws EngineException if the kernel does not list its interfaces
     */
    public static Surroundings look(URI docker) throws EngineException {
        boolean reachable = !"unix".equals(docker.getScheme()) || Files.exists(Path.of(docker.getPath()));
        List<SwarmNode> nodes = List.of();
        boolean inSwarm = false;
        if (reachable) {
            try (DockerSwarmGateway gateway = new DockerSwarmGateway(docker)) {
                SwarmObservation seen = gateway.observe();
                nodes = nodes(seen);
                inSwarm = seen.info() instanceof ApiReply.Ok<EngineInfo>(EngineInfo info)
                        && !info.nodeId().isEmpty();
            }
        }
        return new Surroundings(
                ConfigLoader.kernelHostName(),
                Inspection.networkCards(),
                RouteTable.defaultRoute(),
                reachable,
                nodes.stream().map(SwarmNode::hostname).distinct().toList(),
                nodes.stream().flatMap(ThisHost::address).distinct().toList(),
                inSwarm);
    }

    private static List<SwarmNode> nodes(SwarmObservation seen) {
        return seen.nodes() instanceof ApiReply.Ok<List<SwarmNode>>(List<SwarmNode> nodes)
                ? nodes.stream()
                        .filter(node -> !node.hostname().isEmpty())
                        .sorted(Comparator.comparing((SwarmNode node) -> !node.isManagerByRole())
                                .thenComparing(SwarmNode::hostname))
                        .toList()
                : List.of();
    }

    /** A manager that was made with {@code --advertise-addr} unset may tell 0.0.0.0, or nothing. */
    private static Stream<IpAddress> address(SwarmNode node) {
        try {
            IpAddress address = IpAddress.parse(node.address());
            return UNSPECIFIED.contains(address) ? Stream.empty() : Stream.of(address);
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    /**
     * The virtual routers that speak by multicast on an interface now; takes three seconds.
     *
     * @throws EngineException if this process may not listen
     */
    public static Set<Overheard> routersOn(NetworkCard card, IpFamily family)
            throws EngineException, InterruptedException {
        Transport.Multicast usual = new Transport.Multicast(Optional.empty());
        return Inspection.overhear(card.index(), family, Set.of(usual.group(family)), LISTEN);
    }
}
