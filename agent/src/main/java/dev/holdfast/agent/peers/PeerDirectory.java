package dev.holdfast.agent.peers;

import dev.holdfast.agent.config.PeersConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which addresses lead to other agents, and how many agents there are. All agents must come to the same number, so it is taken
 * from the configuration alone, never from who happens to be found.
 *
 * @param counting where the others are that count for a majority
 * @param found where others may be that only can be asked
 * @param configured how many agents count, this one included; 0 if the configuration names nobody
 * @param own where the configuration names this agent; empty if it does not
 */
record PeerDirectory(
        Set<InetSocketAddress> counting,
        Set<InetSocketAddress> found,
        int configured,
        Optional<InetSocketAddress> own) {
    static final PeerDirectory EMPTY = new PeerDirectory(Set.of(), Set.of(), 0, Optional.empty());

    PeerDirectory {
        counting = Set.copyOf(counting);
        found = Set.copyOf(found);
    }

    /**
     * Puts one together.
     *
     * @param unicastPeers of all instances
     * @param others addresses that the Swarm names
     * @param isSelf whether this very agent listens there
     */
    static PeerDirectory of(
            PeersConfig config,
            Collection<InetAddress> unicastPeers,
            Collection<InetAddress> others,
            Predicate<InetSocketAddress> isSelf) {
        int port = config.listen().getPort();
        Collection<InetSocketAddress> named =
                config.agents().isEmpty() ? at(oneFamily(unicastPeers), port) : config.agents();
        Set<InetSocketAddress> counting = new LinkedHashSet<>(named);
        counting.removeIf(isSelf);
        Set<InetSocketAddress> found = new LinkedHashSet<>(at(unicastPeers, port));
        found.addAll(at(others, port));
        found.removeIf(address -> isSelf.test(address)
                || counting.stream().anyMatch(one -> one.getAddress().equals(address.getAddress())));
        // Where this agent is not on its own list it counts itself all the same: more is safe, fewer is not.
        return new PeerDirectory(
                counting,
                found,
                named.isEmpty() ? 0 : counting.size() + 1,
                named.stream().filter(isSelf).findFirst());
    }

    /** {@return every address that is to be connected} */
    Set<InetSocketAddress> all() {
        Set<InetSocketAddress> all = new LinkedHashSet<>(counting);
        all.addAll(found);
        return all;
    }

    private static List<InetSocketAddress> at(Collection<InetAddress> addresses, int port) {
        return addresses.stream()
                .distinct()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** A host that is a peer of an IPv4 instance and of an IPv6 one must not count twice. */
    private static List<InetAddress> oneFamily(Collection<InetAddress> addresses) {
        List<InetAddress> ipv4 = new ArrayList<>(addresses);
        ipv4.removeIf(address -> !(address instanceof java.net.Inet4Address));
        return ipv4.isEmpty() ? List.copyOf(addresses) : ipv4;
    }
}
