package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;

/**
 * Whole Ethernet frames with an unsolicited Neighbor Advertisement (RFC 4861 section 4.4), what gratuitous ARP is to IPv4.
 * <pre>
 *   Ethernet (14) | IPv6 header (40)
 *   type 136 (1) | code 0 (1) | checksum (2) | R S O flags, reserved (4) | target address (16)
 *   option 2, target link-layer address (1) | length 1 (1) | MAC (6)
 * </pre>
 */
public final class NeighborAdvertisement {
    /** The length of a frame, in bytes. */
    public static final int LENGTH = 86;

    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final long ALL_NODES_MAC = 0x3333_0000_0001L;
    private static final int ETHER_TYPE = 0x86DD;
    private static final int ICMPV6 = 58;
    private static final int ICMP_AT = 14 + 40;
    private static final int ICMP_LENGTH = 32;
    private static final int FLAG_ROUTER = 0x8000_0000;
    private static final int FLAG_OVERRIDE = 0x2000_0000;

    private NeighborAdvertisement() {}

    /**
     * Tells all nodes on the link that the address is at this MAC, overriding what they have cached (RFC 9568 section 6.4.2).
     *
     * @param mac 6 bytes
     * @param vip an IPv6 address, which is the packet's source too
     * @param router whether this host forwards IPv6: neighbours drop it as their router when the flag is not set
     */
    public static byte[] unsolicited(byte[] mac, IpAddress vip, boolean router) {
        if (vip.family() != IpFamily.IPV6) {
            throw new IllegalArgumentException("neighbor advertisements are for IPv6, not for " + vip);
        }
        long sender = MacAddress.toLong(mac);
        ByteBuffer out = ByteBuffer.allocate(LENGTH);
        MacAddress.put(out, ALL_NODES_MAC);
        MacAddress.put(out, sender);
        out.putShort((short) ETHER_TYPE);

        out.putInt(6 << 28).putShort((short) ICMP_LENGTH);
        out.put((byte) ICMPV6).put((byte) AdvertisementCodec.HOP_LIMIT);
        vip.writeTo(out);
        ALL_NODES.writeTo(out);

        out.put((byte) 136).put((byte) 0).putShort((short) 0);
        out.putInt(FLAG_OVERRIDE | (router ? FLAG_ROUTER : 0));
        vip.writeTo(out);
        out.put((byte) 2).put((byte) 1);
        MacAddress.put(out, sender);

        long sum = InternetChecksum.sum(out, ICMP_AT, ICMP_LENGTH)
                + InternetChecksum.pseudoHeader(
                        IpFamily.IPV6, vip.high(), vip.low(), ALL_NODES.high(), ALL_NODES.low(), ICMPV6, ICMP_LENGTH);
        out.putShort(ICMP_AT + 2, (short) ~InternetChecksum.fold(sum));
        return out.array();
    }
}
