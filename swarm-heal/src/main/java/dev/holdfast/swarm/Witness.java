package dev.holdfast.swarm;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something outside the swarm whose answer shows that it is not this host which is cut off. A witness is worth as much as
 * its place in the network: one behind the same switch as this host alone proves little.
 */
public sealed interface Witness {

    /** What {@link #parse} accepts, for error messages. */
    String ACCEPTED = "\"gateway\", an IP address, or \"tcp:HOST:PORT\"";

    /** The default gateway of this host, whichever it is when asked. */
    record Gateway() implements Witness {
        @Override
        public String toString() {
            return "gateway";
        }
    }

    /** A host that answers ARP or ICMP echo. */
    record Host(InetAddress address) implements Witness {
        @Override
        public String toString() {
            return address.getHostAddress();
        }
    }

    /** A service that accepts a TCP connection. A refused connection does not count: firewalls on the way refuse too. */
    record Tcp(Endpoint endpoint) implements Witness {
        @Override
        public String toString() {
            return "tcp:" + endpoint;
        }
    }

    /** {@return the witness written so in a configuration, or null if the text is none of {@link #ACCEPTED}} */
    static @Nullable Witness parse(String text) {
        String value = text.strip();
        if (value.toLowerCase(Locale.ROOT).equals("gateway")) {
            return new Gateway();
        }
        if (value.toLowerCase(Locale.ROOT).startsWith("tcp:")) {
            Endpoint endpoint = Endpoint.parse(value.substring("tcp:".length()), -1);
            return endpoint == null ? null : new Tcp(endpoint);
        }
        try {
            InetAddress address = InetAddress.ofLiteral(value);
            return address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isMulticastAddress()
                    ? null
                    : new Host(address);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
