package dev.holdfast.agent.config;

import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads literal addresses with ports; no name is ever looked up. */
final class SocketAddresses {
    static final String LISTEN_FORM = "ADDRESS:PORT with a literal address and a port 1..65535";

    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[([^\\]]+)\\]|([^:]+)):(\\d{1,5})");
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)\\]");

    private SocketAddresses() {}

    /** An address with its port. */
    static InetSocketAddress listen(String text) {
        Matcher matcher = WITH_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = Integer.parseInt(matcher.group(3));
        if (port < 1 || port > 65_535) {
            throw new Section.OutOfRangeException("a port 1..65535");
        }
        return new InetSocketAddress(IpAddress.parse(host).toInetAddress(), port);
    }

    /** An address, with or without a port. */
    static InetSocketAddress peer(String text, int defaultPort) {
        if (WITH_PORT.matcher(text).matches()) {
            return listen(text);
        }
        Matcher bracketed = BRACKETED.matcher(text);
        String host = bracketed.matches() ? bracketed.group(1) : text;
        return new InetSocketAddress(IpAddress.parse(host).toInetAddress(), defaultPort);
    }
}
