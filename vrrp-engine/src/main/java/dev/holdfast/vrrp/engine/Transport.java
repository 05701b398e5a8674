package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;
import java.util.Optional;

/** How advertisements travel. */
public sealed interface Transport {
    /** The source address to send from; empty for the interface's own (its first one that is not a virtual address). */
    Optional<IpAddress> source();

    /**
     * To a group that all routers of the link listen to.
     *
     * @param source the address to send from
     * @param group empty for that of all VRRP routers: 224.0.0.18 or ff02::12
     */
    record Multicast(Optional<IpAddress> source, Optional<IpAddress> group) implements Transport {
        /** To the group of all VRRP routers. */
        public Multicast(Optional<IpAddress> source) {
            this(source, Optional.empty());
        }

        /** The group that is meant for a family. */
        public IpAddress group(IpFamily family) {
            return group.orElse(
                    switch (family) {
                        case IPV4 -> AdvertisementCodec.GROUP_IPV4;
                        case IPV6 -> AdvertisementCodec.GROUP_IPV6;
                    });
        }
    }

    /**
     * To each peer by itself. An empty list of peers stays unicast: it never turns into multicast.
     *
     * @param source the address to send from
     * @param peers the other routers
     * @param hopLimit the TTL or hop limit to send with, 1..255
     */
    record Unicast(Optional<IpAddress> source, List<Peer> peers, int hopLimit) implements Transport {
        public Unicast {
            peers = List.copyOf(peers);
        }

        /** To peers on the same link. */
        public Unicast(Optional<IpAddress> source, List<IpAddress> peers) {
            this(source, peers.stream().map(Peer::new).toList(), AdvertisementCodec.HOP_LIMIT);
        }
    }

    /**
     * One of the other routers.
     *
     * @param address where it is
     * @param minHopLimit the least TTL or hop limit that its adverts may arrive with, 0..255
     * @param maxHopLimit the largest, not less
     */
    record Peer(IpAddress address, int minHopLimit, int maxHopLimit) {
        /** On the same link: nothing that came through a router is taken for its own (RFC 5082). */
        public Peer(IpAddress address) {
            this(address, AdvertisementCodec.HOP_LIMIT, AdvertisementCodec.HOP_LIMIT);
        }
    }
}
