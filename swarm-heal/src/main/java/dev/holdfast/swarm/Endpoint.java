package dev.holdfast.swarm;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A TCP address, as managers advertise it.
 *
 * @param host an IP literal without brackets, or a name
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** The port on which managers speak raft unless told otherwise. */
    public static final int SWARM_PORT = 2377;

    /** Checks the ranges. */
    public Endpoint {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not an address: '" + host + "' port " + port);
        }
    }

    /**
     * Reads {@code 10.0.0.1:2377}, {@code [fd00::1]:2377}, or either without a port.
     *
     * @return null if the text is no address, or is the unspecified one, which some engines report for themselves
     */
    public static @Nullable Endpoint parse(@Nullable String text, int defaultPort) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String host = text.strip();
        int port = defaultPort;
        int colon = host.lastIndexOf(':');
        boolean bracketed = host.startsWith("[");
        if (colon > host.indexOf(']') && (bracketed || host.indexOf(':') == colon)) {
            try {
                port = Integer.parseInt(host.substring(colon + 1));
            } catch (NumberFormatException e) {
                return null;
            }
            host = host.substring(0, colon);
        }
        if (bracketed) {
            if (!host.endsWith("]")) {
                return null;
            }
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank() || host.equals("0.0.0.0") || host.equals("::") || port < 1 || port > 65_535) {
            return null;
        }
        return new Endpoint(host, port);
    }

    /** {@return the host as an address, or null if it is a name; no name is ever looked up here} */
    public @Nullable InetAddress address() {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
