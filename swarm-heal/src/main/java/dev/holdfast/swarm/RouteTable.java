package dev.holdfast.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;

/** Reads the default route from the text tables the kernel shows in {@code /proc/net}. */
public final class RouteTable {

    private static final Path IPV4_ROUTES = Path.of("/proc/net/route");
    private static final Path IPV6_ROUTES = Path.of("/proc/net/ipv6_route");
    private static final int RTF_UP = 0x1;
    private static final int RTF_GATEWAY = 0x2;
    private static final int RTF_REJECT = 0x200;

    private RouteTable() {}

    private record Candidate(String interfaceName, String gateway, long metric) {
        /** {@return the route by its address in network byte order; empty if that is none} */
        Optional<DefaultRoute> route(byte[] bytes) {
            try {
                InetAddress address = InetAddress.getByAddress(bytes);
                return address.isAnyLocalAddress()
                        ? Optional.empty()
                        : Optional.of(new DefaultRoute(interfaceName, address));
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }
    }

    /** This host's default route as it is now, over IPv4 if there is one. */
    public static Optional<DefaultRoute> defaultRoute() {
        return ipv4Default(read(IPV4_ROUTES)).or(() -> ipv6Default(read(IPV6_ROUTES)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * The IPv4 default route with the lowest metric.
     *
     * @param table the text of {@code /proc/net/route}: addresses as hexadecimal words in the machine's byte order
     */
    static Optional<DefaultRoute> ipv4Default(String table) {
        return table.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f.length >= 8 && f[1].equals("00000000") && f[7].equals("00000000") && isGateway(f[3]))
                .map(f -> new Candidate(f[0], f[2], number(f[6], 10)))
                .min(Comparator.comparingLong(Candidate::metric))
                .flatMap(c -> {
                    byte[] bytes = hex(c.gateway(), 4);
                    return c.route(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? bytes : reversed(bytes));
                });
    }

    /**
     * The IPv6 default route with the lowest metric, unless its gateway is link-local: such an address needs an interface too.
     *
     * @param table the text of {@code /proc/net/ipv6_route}
     */
    static Optional<DefaultRoute> ipv6Default(String table) {
        return table.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f.length >= 10 && f[0].matches("0{32}") && f[1].equals("00") && isGateway(f[8]))
                .map(f -> new Candidate(f[9], f[4], number(f[5], 16)))
                .min(Comparator.comparingLong(Candidate::metric))
                .flatMap(c -> c.route(hex(c.gateway(), 16)))
                .filter(route -> !route.gateway().isLinkLocalAddress());
    }

    private static byte[] hex(String text, int length) {
        return text.matches("[0-9A-Fa-f]{" + 2 * length + "}") ? HexFormat.of().parseHex(text) : new byte[0];
    }

    private static boolean isGateway(String flags) {
        long bits = number(flags, 16);
        return bits >= 0 && (bits & (RTF_UP | RTF_GATEWAY | RTF_REJECT)) == (RTF_UP | RTF_GATEWAY);
    }

    private static long number(String text, int radix) {
        try {
            return Long.parseLong(text, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[bytes.length - 1 - i];
        }
        return result;
    }
}
