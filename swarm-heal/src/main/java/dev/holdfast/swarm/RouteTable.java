package dev.holdfast.swarm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;

/** Reads the default gateway from the text tables the kernel shows in {@code /proc/net}. Pure. */
final class RouteTable {

    private static final int RTF_UP = 0x1;
    private static final int RTF_GATEWAY = 0x2;
    private static final int RTF_REJECT = 0x200;

    private RouteTable() {}

    private record Candidate(String gateway, long metric) {}

    /**
     * The IPv4 default gateway with the lowest metric.
     *
     * @param table the text of {@code /proc/net/route}: addresses as hexadecimal words in the machine's byte order
     */
    static Optional<InetAddress> ipv4Gateway(String table) {
        return table.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f.length >= 8 && f[1].equals("00000000") && f[7].equals("00000000") && isGateway(f[3]))
                .map(f -> new Candidate(f[2], number(f[6], 10)))
                .min(Comparator.comparingLong(Candidate::metric))
                .map(c -> c.gateway().matches("[0-9A-Fa-f]{8}") ? HexFormat.of().parseHex(c.gateway()) : new byte[0])
                .flatMap(bytes -> address(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? bytes : reversed(bytes)));
    }

    /**
     * The IPv6 default gateway with the lowest metric, unless it is link-local: such an address needs an interface too.
     *
     * @param table the text of {@code /proc/net/ipv6_route}
     */
    static Optional<InetAddress> ipv6Gateway(String table) {
        return table.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f.length >= 10 && f[0].matches("0{32}") && f[1].equals("00") && isGateway(f[8]))
                .map(f -> new Candidate(f[4], number(f[5], 16)))
                .min(Comparator.comparingLong(Candidate::metric))
                .map(c ->
                        c.gateway().matches("[0-9A-Fa-f]{32}") ? HexFormat.of().parseHex(c.gateway()) : new byte[0])
                .flatMap(RouteTable::address)
                .filter(a -> !a.isLinkLocalAddress());
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

    private static Optional<InetAddress> address(byte[] bytes) {
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.isAnyLocalAddress() ? Optional.empty() : Optional.of(address);
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
