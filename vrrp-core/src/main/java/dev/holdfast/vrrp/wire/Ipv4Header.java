package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IPv4 header that a raw socket delivers in front of the VRRP message (RFC 791 section 3.1), in place and
 * without allocating. Reusable; not for more than one thread.
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version|  IHL  |Type of Service|          Total Length         |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |         Identification        |Flags|      Fragment Offset    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Time to Live |    Protocol   |         Header Checksum       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       Source Address                          |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                    Destination Address                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Ipv4Header {
    /** The length without options, in bytes. */
    public static final int MIN_LENGTH = 20;

    private long source;
    private long destination;
    private int ttl;

    /**
     * Checks the header and, if it holds, narrows the buffer to the VRRP message behind it: position after the header and
     * its options, limit where the total length ends. A refused datagram leaves position and limit alone. The addresses
     * and the TTL can be asked for after every refusal but TRUNCATED and IP_HEADER. The header's own checksum is the
     * kernel's to check.
     *
     * @param datagram position to limit: the IPv4 datagram
     * @param minimumTtl the least TTL accepted; 255 keeps out what came through a router (RFC 9568 section 5.1.1.3)
     * @return null if it holds, else TRUNCATED, IP_HEADER, FRAGMENT or TTL
     */
    public @Nullable RejectReason read(ByteBuffer datagram, int minimumTtl) {
        int at = datagram.position();
        int available = datagram.remaining();
        if (available < MIN_LENGTH) {
            return RejectReason.TRUNCATED;
        }
        int first = datagram.get(at) & 0xFF;
        int headerLength = (first & 0xF) * 4;
        int totalLength = unsignedShort(datagram, at + 2);
        if (first >>> 4 != 4
                || headerLength < MIN_LENGTH
                || totalLength < headerLength
                || (datagram.get(at + 9) & 0xFF) != AdvertisementCodec.IP_PROTOCOL) {
            return RejectReason.IP_HEADER;
        }
        if (totalLength > available) {
            return RejectReason.TRUNCATED;
        }
        ttl = datagram.get(at + 8) & 0xFF;
        source = unsignedInt(datagram, at + 12);
        destination = unsignedInt(datagram, at + 16);
        // More fragments follow, or this one is not the first; "don't fragment" is of no interest.
        if ((unsignedShort(datagram, at + 6) & 0x3FFF) != 0) {
            return RejectReason.FRAGMENT;
        }
        if (ttl < minimumTtl) {
            return RejectReason.TTL;
        }
        datagram.limit(at + totalLength).position(at + headerLength);
        return null;
    }

    /** The sender, as in {@link IpAddress#low()}; the high half of an IPv4 address is 0. */
    public long source() {
        return source;
    }

    /** The destination, as in {@link IpAddress#low()}. */
    public long destination() {
        return destination;
    }

    /** The time to live, 0..255. */
    public int ttl() {
        return ttl;
    }

    private static int unsignedShort(ByteBuffer buffer, int offset) {
        return (buffer.get(offset) & 0xFF) << 8 | (buffer.get(offset + 1) & 0xFF);
    }

    private static long unsignedInt(ByteBuffer buffer, int offset) {
        return (long) unsignedShort(buffer, offset) << 16 | unsignedShort(buffer, offset + 2);
    }
}
