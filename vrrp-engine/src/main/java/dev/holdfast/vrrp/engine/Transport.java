package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import java.util.List;
import java.util.Optional;

/** How advertisements travel. */
public sealed interface Transport {
    /** The source address to send from; empty for the interface's own (its first one that is not a virtual address). */
    Optional<IpAddress> source();

    /** To the group of all VRRP routers: 224.0.0.18 or ff02::12. */
    record Multicast(Optional<IpAddress> source) implements Transport {}

    /**
     * To each peer by itself. An empty list of peers stays unicast: it never turns into multicast.
     *
     * @param source the address to send from
     * @param peers the other routers
     */
    record Unicast(Optional<IpAddress> source, List<IpAddress> peers) implements Transport {
        public Unicast {
            peers = List.copyOf(peers);
        }
    }
}
