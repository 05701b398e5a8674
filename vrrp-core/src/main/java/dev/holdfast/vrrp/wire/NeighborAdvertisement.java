package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Neighbor Advertisements (RFC 4861 section 4.4): the unsolicited one is to IPv6 what gratuitous ARP is to IPv4. */
public final class NeighborAdvertisement {
    /** The length of a frame, in bytes. */
    public static final int LENGTH = NeighborDiscovery.LENGTH;

    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final int FLAG_ROUTER = 0x8000_0000;
    private static final int FLAG_OVERRIDE = 0x2000_0000;
    private static final int TARGET_AT = 8;
    private static final int OPTIONS_AT = 24;
    private static final int OPTION_UNIT = 8;

    private NeighborAdvertisement() {}

    /**
     * A whole Ethernet frame that tells all nodes on the link that the address is at this MAC, overriding what they have
     * cached (RFC 9568 section 6.4.2).
     *
     * @param mac 6 bytes
     * @param vip an IPv6 address, which is the packet's source too
     * @param router whether this host forwards IPv6: neighbours drop it as their router when the flag is not set
     */
    public static byte[] unsolicited(byte[] mac, IpAddress vip, boolean router) {
        if (vip.family() != IpFamily.IPV6) {
            throw new IllegalArgumentException("neighbor advertisements are for IPv6, not for " + vip);
        }
        return NeighborDiscovery.frame(
                mac,
                vip,
                ALL_NODES,
                new NeighborDiscovery.Content(
                        NeighborDiscovery.ADVERTISEMENT,
                        FLAG_OVERRIDE | (router ? FLAG_ROUTER : 0),
                        vip,
                        NeighborDiscovery.TARGET_LINK_ADDRESS));
    }

    /**
     * Reads one without the headers around it, solicited or not, from the buffer's position on; the buffer is left as it
     * was.
     *
     * @return empty if it is none, or one that names no Ethernet address
     */
    public static Optional<AddressClaim> parse(ByteBuffer icmp) {
        ByteBuffer in = icmp.slice();
        if (in.limit() < OPTIONS_AT || (in.get(0) & 0xFF) != NeighborDiscovery.ADVERTISEMENT || in.get(1) != 0) {
            return Optional.empty();
        }
        int at = OPTIONS_AT;
        while (in.limit() - at >= OPTION_UNIT) {
            int length = (in.get(at + 1) & 0xFF) * OPTION_UNIT;
            if (length == 0 || length > in.limit() - at) {
                return Optional.empty();
            }
            if (in.get(at) == NeighborDiscovery.TARGET_LINK_ADDRESS && length == OPTION_UNIT) {
                IpAddress target =
                        new IpAddress(IpFamily.IPV6, in.getLong(TARGET_AT), in.getLong(TARGET_AT + Long.BYTES));
                return Optional.of(new AddressClaim(target, MacAddress.read(in, at + 2)));
            }
            at += length;
        }
        return Optional.empty();
    }
}
