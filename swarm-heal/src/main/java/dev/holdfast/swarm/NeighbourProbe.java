package dev.holdfast.swarm;

import java.net.InetAddress;
import java.time.Duration;

/** Asks an on-link host by ARP or neighbour discovery. The agent plugs in one that owns a packet socket. */
@FunctionalInterface
public interface NeighbourProbe {

    /** Cannot ask anybody; ICMP has to do. */
    NeighbourProbe NONE = (address, timeout) -> false;

    /** {@return whether the host answered within {@code timeout}; false also if it is not on-link} */
    boolean answers(InetAddress address, Duration timeout);
}
