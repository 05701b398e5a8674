package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;

/**
 * An address that moves with the MASTER.
 *
 * @param address the address
 * @param prefixLength 0..32, or 0..128 for IPv6
 * @param options where and how it is put on the host
 */
public record VipAddress(IpAddress address, int prefixLength, AddressOptions options) {
    private static final int IPV6_HOST = 128;

    public VipAddress {
        int max = address.family().addressBytes() * 8;
        if (prefixLength < 0 || prefixLength > max) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " is not in 0.." + max);
        }
    }

    /**
     * Reads {@code ADDRESS} or {@code ADDRESS/PREFIX}; without a prefix it is a host address (/32, /128), as in keepalived.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static VipAddress parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            IpAddress address = IpAddress.parse(text);
            return new VipAddress(address, address.family().addressBytes() * 8);
        }
        String prefix = text.substring(slash + 1);
        if (!prefix.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not ADDRESS/PREFIX");
        }
        return new VipAddress(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(prefix));
    }

    /** On the instance's interface, with no other option. */
    public VipAddress(IpAddress address, int prefixLength) {
        this(address, prefixLength, AddressOptions.none());
    }

    /** The same address with other options. */
    public VipAddress with(AddressOptions other) {
        return new VipAddress(address, prefixLength, other);
    }

    /** Whether the host is to prefer any other address for what it sends itself. */
    boolean isDeprecated() {
        return options.deprecated().orElse(address.family() == IpFamily.IPV6 && prefixLength == IPV6_HOST);
    }

    /** Whether the network that this address and its prefix length stand for contains another address. */
    public boolean networkContains(IpAddress other) {
        return isInPrefixOf(other, prefixLength);
    }

    /** Whether another address has the same prefix, of the same length. */
    boolean isInPrefixOf(IpAddress other, int otherPrefixLength) {
        return prefixLength == otherPrefixLength
                && address.family() == other.family()
                && maskedHigh(address) == maskedHigh(other)
                && maskedLow(address) == maskedLow(other);
    }

    private long maskedHigh(IpAddress of) {
        return prefixLength == 0 ? 0 : of.high() & -1L << Math.max(0, Long.SIZE - prefixLength);
    }

    private long maskedLow(IpAddress of) {
        int bits = prefixLength - (of.family().addressBytes() * 8 - Long.SIZE);
        return bits <= 0 ? 0 : of.low() & -1L << Math.max(0, Long.SIZE - bits);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
