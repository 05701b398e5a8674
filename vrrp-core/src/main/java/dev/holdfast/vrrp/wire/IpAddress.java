package dev.holdfast.vrrp.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address as two longs: cheap to compare and to copy, and it never asks a name server.
 *
 * @param family the address family
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; for IPv4 the address as an unsigned 32-bit number
 */
public record IpAddress(IpFamily family, long high, long low) implements Comparable<IpAddress> {
    private static final int IPV6_GROUPS = 8;

    /** The address with these bytes in network order; 4 of them for IPv4, 16 for IPv6. */
    public static IpAddress of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(buffer.getInt()));
            case 16 -> new IpAddress(IpFamily.IPV6, buffer.getLong(), buffer.getLong());
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /**
     * Reads a literal such as {@code 10.0.0.70} or {@code fe80::1}; never looks up a name.
     *
     * @throws IllegalArgumentException if the text is not a literal address of four dotted numbers or of IPv6
     */
    public static IpAddress parse(String text) {
        boolean looksNumeric =
                text.indexOf(':') >= 0 ? text.indexOf('%') < 0 : text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (looksNumeric) {
            try {
                return of(InetAddress.ofLiteral(text).getAddress());
            } catch (IllegalArgumentException e) {
                // Falls through to the one message that every wrong literal gets.
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 or IPv6 address");
    }

    /** By hand: a record's own goes through method handles, which are slow without the second compiler that the agent lacks. */
    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress(IpFamily otherFamily, long otherHigh, long otherLow)
                && low == otherLow
                && high == otherHigh
                && family == otherFamily;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    /** Orders by family, then as unsigned numbers: the order that settles equal priorities (RFC 9568 section 6.4.3). */
    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The address in network order, 4 or 16 bytes. */
    public byte[] toBytes() {
        ByteBuffer buffer = ByteBuffer.allocate(family.addressBytes());
        writeTo(buffer);
        return buffer.array();
    }

    /** Appends the address in network order at the buffer's position. */
    public void writeTo(ByteBuffer buffer) {
        switch (family) {
            case IPV4 -> buffer.putInt((int) low);
            case IPV6 -> buffer.putLong(high).putLong(low);
        }
    }

    /** Whether the address is for one link alone: fe80::/10 or 169.254.0.0/16. */
    public boolean isLinkLocal() {
        return switch (family) {
            case IPV4 -> low >>> 16 == 0xA9FE;
            case IPV6 -> high >>> 54 == 0x3FA;
        };
    }

    /** Whether the address names a group: 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return isMulticast(family, high, low);
    }

    /** The same of an address that is only numbers. */
    public static boolean isMulticast(IpFamily family, long high, long low) {
        return switch (family) {
            case IPV4 -> low >>> 28 == 0xE;
            case IPV6 -> high >>> 56 == 0xFF;
        };
    }

    /** This address for the JDK's own calls. */
    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(toBytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are always an address", e);
        }
    }

    /** As everybody writes it: no leading zeros, the longest run of zero groups as "::" (RFC 5952 section 4). */
    private String ipv6Text() {
        int runFrom = 0;
        int runLength = 1;
        int zeros = 0;
        for (int i = 0; i < IPV6_GROUPS; i++) {
            zeros = group(i) == 0 ? zeros + 1 : 0;
            if (zeros > runLength) {
                runLength = zeros;
                runFrom = i + 1 - zeros;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (runLength > 1 && i == runFrom) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    private int group(int index) {
        long half = index < IPV6_GROUPS / 2 ? high : low;
        return (int) (half >>> (16 * (3 - index % 4))) & 0xFFFF;
    }

    @Override
    public String toString() {
        return switch (family) {
            case IPV4 -> (low >>> 24) + "." + (low >>> 16 & 0xFF) + "." + (low >>> 8 & 0xFF) + "." + (low & 0xFF);
            case IPV6 -> ipv6Text();
        };
    }
}
