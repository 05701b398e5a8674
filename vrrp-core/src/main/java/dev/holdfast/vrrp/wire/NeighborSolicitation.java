package dev.holdfast.vrrp.wire;

/** Whole Ethernet frames with a Neighbor Solicitation (RFC 4861 section 4.3). */
public final class NeighborSolicitation {
    /** The solicited-node group's address but for the last 24 bits, which are the target's (RFC 4291 section 2.7.1). */
    private static final IpAddress GROUP = IpAddress.parse("ff02::1:ff00:0");

    private static final long LAST_BITS = 0xFF_FFFF;

    private NeighborSolicitation() {}

    /**
     * Asks who holds an address. Whoever does answers the sender alone: unlike a question from the unspecified address,
     * which is answered to all nodes, it spoils nobody's cache.
     *
     * @param mac 6 bytes
     * @param source a link-local address of this host
     * @param target the IPv6 address asked for
     */
    public static byte[] request(byte[] mac, IpAddress source, IpAddress target) {
        if (source.family() != IpFamily.IPV6 || target.family() != IpFamily.IPV6) {
            throw new IllegalArgumentException("neighbor solicitations are for IPv6, not for " + target);
        }
        IpAddress group = new IpAddress(IpFamily.IPV6, GROUP.high(), GROUP.low() | (target.low() & LAST_BITS));
        return NeighborDiscovery.frame(
                mac,
                source,
                group,
                new NeighborDiscovery.Content(
                        NeighborDiscovery.SOLICITATION, 0, target, NeighborDiscovery.SOURCE_LINK_ADDRESS));
    }
}
