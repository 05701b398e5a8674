package dev.holdfast.vrrp.wire;

/**
 * What a neighbour says of itself: that an address is at its Ethernet address.
 *
 * @param address the IPv4 or IPv6 address
 * @param mac the hardware address in the lower 48 bits
 */
public record AddressClaim(IpAddress address, long mac) {
    /** The hardware address as people write it, {@code 02:00:0a:4d:00:0d}. */
    public String macText() {
        return MacAddress.toText(mac);
    }
}
