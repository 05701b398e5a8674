package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;

/**
 * Writes advertisements; {@link AdvertisementReader} reads them. Both use the formats below, network byte order.
 *
 * <p>Version 2 (RFC 3768 section 5.1; the last two words are the authentication data of RFC 2338 section 5.3.10):
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Auth Type   |   Adver Int   |          Checksum             |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                         IP Address (1)                        |
 *   |                            .  .  .                            |
 *   |                         IP Address (n)                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                     Authentication Data (1)                   |
 *   |                     Authentication Data (2)                   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 * Adver Int is in seconds. The checksum covers the VRRP message, authentication data included, and no pseudo-header.
 *
 * <p>Version 3 (RFC 9568 section 5.1):
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Version| Type  | Virtual Rtr ID|   Priority    |IPvX Addr Count|
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Reserve| Max Advertise Interval|          Checksum             |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |                       IPvX Address(es)                        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 * The interval is in centiseconds, Reserve is sent as 0 and ignored on receipt. The checksum covers a pseudo-header too:
 * over IPv6 the one of RFC 8200 section 8.1, over IPv4 source, destination, zero, protocol 112 and length.
 */
public final class AdvertisementCodec {
    /** The IP protocol number of VRRP. */
    public static final int IP_PROTOCOL = 112;

    /** The IPv4 TTL and IPv6 hop limit of every advertisement: what a router has passed on has less (RFC 5082). */
    public static final int HOP_LIMIT = 255;

    /** 224.0.0.18, the group of all VRRP routers over IPv4. */
    public static final IpAddress GROUP_IPV4 = IpAddress.parse("224.0.0.18");

    /** ff02::12, the group of all VRRP routers over IPv6. */
    public static final IpAddress GROUP_IPV6 = IpAddress.parse("ff02::12");

    static final int TYPE_ADVERTISEMENT = 1;
    static final int HEADER_LENGTH = 8;
    static final int PRIORITY_OFFSET = 2;
    static final int COUNT_OFFSET = 3;
    static final int AUTH_TYPE_OFFSET = 4;
    static final int INTERVAL_OFFSET = 5;
    static final int CHECKSUM_OFFSET = 6;

    private AdvertisementCodec() {}

    /** How many bytes {@link #encode} writes for this advertisement. */
    public static int length(Advertisement advertisement) {
        int addressBytes = advertisement.addresses().stream()
                .mapToInt(a -> a.family().addressBytes())
                .sum();
        return HEADER_LENGTH + addressBytes + trailerLength(advertisement.version());
    }

    static int trailerLength(VrrpVersion version) {
        return version == VrrpVersion.V2 ? Authentication.Pass.LENGTH : 0;
    }

    /**
     * Writes the VRRP message, without an IP header, from the buffer's position on, and moves the position behind it.
     *
     * @param advertisement what to say
     * @param source the IP source address, for the checksum of version 3
     * @param destination the IP destination address, a group or a unicast peer, for the checksum of version 3
     * @param out has at least {@link #length} bytes remaining; its byte order does not matter
     * @return the length in bytes
     * @throws IllegalArgumentException if source, destination and addresses are not of one family
     * @throws java.nio.BufferOverflowException if the buffer is too small; nothing of it has moved then
     */
    public static int encode(Advertisement advertisement, IpAddress source, IpAddress destination, ByteBuffer out) {
        IpFamily family = source.family();
        if (destination.family() != family
                || advertisement.addresses().stream().anyMatch(a -> a.family() != family)
                || (advertisement.version() == VrrpVersion.V2 && family != IpFamily.IPV4)) {
            throw new IllegalArgumentException(
                    "source " + source + ", destination " + destination + " and the addresses "
                            + advertisement.addresses() + " are not of one family that version "
                            + advertisement.version().number() + " carries");
        }
        // A slice is big-endian, whatever the caller's buffer is.
        ByteBuffer message = out.slice();
        VrrpVersion version = advertisement.version();
        message.put((byte) (version.number() << 4 | TYPE_ADVERTISEMENT))
                .put((byte) advertisement.virtualRouterId())
                .put((byte) advertisement.priority())
                .put((byte) advertisement.addresses().size());
        int interval = (int) (advertisement.intervalNanos() / version.intervalUnitNanos());
        switch (version) {
            case V2 -> message.put((byte) advertisement.authentication().type()).put((byte) interval);
            case V3 -> message.putShort((short) interval);
        }
        message.putShort((short) 0);
        for (IpAddress address : advertisement.addresses()) {
            address.writeTo(message);
        }
        if (version == VrrpVersion.V2) {
            advertisement.authentication().writeTo(message);
        }
        int length = message.position();
        long sum = InternetChecksum.sum(message, 0, length);
        if (version == VrrpVersion.V3) {
            sum += InternetChecksum.pseudoHeader(
                    family, source.high(), source.low(), destination.high(), destination.low(), IP_PROTOCOL, length);
        }
        message.putShort(CHECKSUM_OFFSET, (short) ~InternetChecksum.fold(sum));
        out.position(out.position() + length);
        return length;
    }

    /**
     * Writes the checksum of a message that has just got an HMAC trailer. Over IPv6, where routers have the kernel reckon it,
     * it covers the trailer; over IPv4 it is that of the message alone, which {@link #encode} has written. Does not allocate.
     *
     * @param signed from position to limit: the VRRP message and its trailer
     */
    public static void coverTrailer(ByteBuffer signed, IpAddress source, IpAddress destination) {
        if (source.family() == IpFamily.IPV4) {
            return;
        }
        int checksumAt = signed.position() + CHECKSUM_OFFSET;
        signed.put(checksumAt, (byte) 0).put(checksumAt + 1, (byte) 0);
        long sum = InternetChecksum.sum(signed, signed.position(), signed.remaining())
                + InternetChecksum.pseudoHeader(
                        source.family(),
                        source.high(),
                        source.low(),
                        destination.high(),
                        destination.low(),
                        IP_PROTOCOL,
                        signed.remaining());
        int checksum = ~InternetChecksum.fold(sum);
        signed.put(checksumAt, (byte) (checksum >> 8)).put(checksumAt + 1, (byte) checksum);
    }
}
