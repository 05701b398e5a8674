package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The IPv4 header in front of the VRRP message (RFC 791 section 3.1): reads the one that a raw socket delivers, in place and
 * without allocating, and writes the one that it sends. Reusable; not for more than one thread.
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

    private static final int DONT_FRAGMENT = 0x4000;

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

    /**
     * Writes one in front of a message, as a raw socket wants it that is to send it as it is (IP_HDRINCL, raw(7)): without
     * options and never to be fragmented, as the kernel would have it. So the identification has no meaning (RFC 6864
     * section 4.1). It is not 0, because the kernel would look for another one. The checksum stays 0: the kernel fills it in.
     *
     * @param datagram position: where the header goes; limit: the end of the message. Both stay
     * @param trafficClass 0..255
     * @param ttl 1..255
     * @param source as in {@link IpAddress#low()}
     * @param destination as in {@link IpAddress#low()}
     */
    public static void write(ByteBuffer datagram, int trafficClass, int ttl, long source, long destination) {
        ByteBuffer header = datagram.duplicate().order(ByteOrder.BIG_ENDIAN);
        header.put((byte) (4 << 4 | MIN_LENGTH / 4))
                .put((byte) trafficClass)
                .putShort((short) datagram.remaining())
                .putShort((short) 1)
                .putShort((short) DONT_FRAGMENT)
                .put((byte) ttl)
                .put((byte) AdvertisementCodec.IP_PROTOCOL)
                .putShort((short) 0)
                .putInt((int) source)
                .putInt((int) destination);
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
