package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;

/**
 * A network: an address with a prefix length and no bit set behind it.
 *
 * @param address its first address
 * @param length 0..32, or 0..128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {
    public IpPrefix {
        int max = address.family().addressBytes() * 8;
        if (length < 0 || length > max) {
            throw new IllegalArgumentException("prefix length " + length + " is not in 0.." + max);
        }
        int beyondLow = Math.min(max - length, Long.SIZE);
        int beyondHigh = Math.max(0, max - length - Long.SIZE);
        if (lowest(address.low(), beyondLow) != 0 || lowest(address.high(), beyondHigh) != 0) {
            throw new IllegalArgumentException(address + "/" + length + " has bits set behind its prefix");
        }
    }

    private static long lowest(long of, int bits) {
        return bits == 0 ? 0 : of & -1L >>> (Long.SIZE - bits);
    }

    /** All addresses of a family. */
    static IpPrefix all(IpFamily family) {
        return new IpPrefix(new IpAddress(family, 0, 0), 0);
    }

    /**
     * Reads {@code ADDRESS/LENGTH}, or {@code ADDRESS} for a single host.
     *
     * @throws IllegalArgumentException if the text is neither, or has bits set behind the prefix
     */
    static IpPrefix parse(String text) {
        VipAddress parsed = VipAddress.parse(text);
        return new IpPrefix(parsed.address(), parsed.prefixLength());
    }

    IpFamily family() {
        return address.family();
    }

    boolean isAll() {
        return length == 0;
    }

    @Override
    public String toString() {
        return length == address.family().addressBytes() * 8 ? address.toString() : address + "/" + length;
    }
}
