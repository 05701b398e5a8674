package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;

/**
 * Whole Ethernet frames of neighbour discovery with one link-layer address option (RFC 4861 sections 4.3 and 4.4).
 * <pre>
 *   Ethernet (14) | IPv6 header (40)
 *   type (1) | code 0 (1) | checksum (2) | flags, reserved (4) | target address (16)
 *   option (1) | length 1 (1) | MAC (6)
 * </pre>
 */
final class NeighborDiscovery {
    static final int SOLICITATION = 135;
    static final int ADVERTISEMENT = 136;
    static final int SOURCE_LINK_ADDRESS = 1;
    static final int TARGET_LINK_ADDRESS = 2;

    /** The length of a frame, in bytes. */
    static final int LENGTH = 86;

    private static final int ETHER_TYPE = 0x86DD;
    private static final int ICMPV6 = 58;
    private static final int ICMP_AT = 14 + 40;
    private static final int ICMP_LENGTH = 32;

    /** An IPv6 group's Ethernet address is 33:33 and the group's last 32 bits (RFC 2464 section 7). */
    private static final long GROUP_MAC = 0x3333_0000_0000L;

    private NeighborDiscovery() {}

    /** What is said, and about whom. */
    record Content(int type, int flags, IpAddress target, int option) {}

    static byte[] frame(byte[] mac, IpAddress source, IpAddress group, Content content) {
        long sender = MacAddress.toLong(mac);
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        MacAddress.put(out, GROUP_MAC | (group.low() & 0xFFFF_FFFFL));
        MacAddress.put(out, sender);
        out.putShort((short) ETHER_TYPE);

        out.putInt(6 << 28).putShort((short) ICMP_LENGTH);
        out.put((byte) ICMPV6).put((byte) AdvertisementCodec.HOP_LIMIT);
        source.writeTo(out);
        group.writeTo(out);

        out.put((byte) content.type()).put((byte) 0).putShort((short) 0);
        out.putInt(content.flags());
        content.target().writeTo(out);
        out.put((byte) content.option()).put((byte) 1);
        MacAddress.put(out, sender);

        long sum = InternetChecksum.sum(out, ICMP_AT, ICMP_LENGTH)
                + InternetChecksum.pseudoHeader(
                        IpFamily.IPV6, source.high(), source.low(), group.high(), group.low(), ICMPV6, ICMP_LENGTH);
        out.putShort(ICMP_AT + 2, (short) ~InternetChecksum.fold(sum));
        return out.array();
    }
}
