package dev.holdfast.agent.peers;

import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.SwarmNode;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the Swarm says that its nodes are. They are remembered: without a leader nobody tells, and that is when they are needed. */
public final class SwarmAddresses {
    private Set<InetAddress> nodes = Set.of();

    /** {@return the addresses of all nodes last known} */
    public synchronized Set<InetAddress> of(Optional<HealStatus> status, Optional<SwarmHealer.Look> look) {
        Set<InetAddress> told = look.stream()
                .flatMap(latest -> latest.snapshot().nodes().stream())
                .map(SwarmNode::address)
                .map(address -> Endpoint.parse(address, Endpoint.SWARM_PORT))
                .filter(Objects::nonNull)
                .map(Endpoint::address)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        if (!told.isEmpty()) {
            nodes = told;
        }
        Set<InetAddress> all = new LinkedHashSet<>(nodes);
        managers(status, look).stream()
                .map(Endpoint::address)
                .filter(Objects::nonNull)
                .forEach(all::add);
        return all;
    }

    /** {@return where managers are, by the engine's list or by the last leader's} */
    public static Set<Endpoint> managers(Optional<HealStatus> status, Optional<SwarmHealer.Look> look) {
        return Stream.concat(
                        status.stream().flatMap(heal -> heal.managers().stream()),
                        look.stream().flatMap(latest -> latest.snapshot().managers().stream()))
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
