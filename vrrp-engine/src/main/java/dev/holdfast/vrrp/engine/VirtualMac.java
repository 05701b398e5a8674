package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpFamily;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An Ethernet address that moves with the virtual addresses (RFC 9568 section 7.3), so that neighbours need not learn another
 * one when the MASTER changes. It lives on a link of its own, a macvlan over the instance's interface.
 *
 * @param interfaceName what that link is called, 1..15 characters
 * @param address the Ethernet address in the lower 48 bits; every router of the virtual one has the same
 * @param transmit where adverts leave from
 */
public record VirtualMac(String interfaceName, long address, Transmit transmit) {
    /** Which link adverts are sent on, and so which Ethernet address they carry. */
    public enum Transmit {
        /** The macvlan: switches learn the virtual MAC from each advert. */
        VIRTUAL,
        /** The instance's interface, with its own MAC. */
        BASE
    }

    /** Linux takes no longer name for a link. */
    public static final int MAX_NAME = 15;

    private static final long IPV4_PREFIX = 0x00005e000100L;
    private static final long IPV6_PREFIX = 0x00005e000200L;
    private static final long MULTICAST = 1L << 40;
    private static final int BYTES = 6;
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    /** 00-00-5E-00-01-VRID for IPv4, 00-00-5E-00-02-VRID for IPv6. */
    public static long addressOf(IpFamily family, int virtualRouterId) {
        return virtualRouterId
                + switch (family) {
                    case IPV4 -> IPV4_PREFIX;
                    case IPV6 -> IPV6_PREFIX;
                };
    }

    /** {@code vrrp.51}, and {@code vrrp6.51} for IPv6, as keepalived has it. */
    public static String nameOf(IpFamily family, int virtualRouterId) {
        return (family == IpFamily.IPV4 ? "vrrp." : "vrrp6.") + virtualRouterId;
    }

    /** What an instance has that says no more than that it has one. */
    public static VirtualMac of(IpFamily family, int virtualRouterId) {
        return new VirtualMac(nameOf(family, virtualRouterId), addressOf(family, virtualRouterId), Transmit.VIRTUAL);
    }

    /**
     * Reads six bytes in hexadecimal with colons between them.
     *
     * @throws IllegalArgumentException if the text is anything else, or the address is not one of a single station
     */
    public static long parseAddress(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a MAC address, six bytes as 02:00:00:00:00:33");
        }
        long address = 0;
        for (byte b : COLONS.parseHex(text)) {
            address = address << 8 | (b & 0xFF);
        }
        if (!isStation(address)) {
            throw new IllegalArgumentException(text + " is not the MAC address of a station");
        }
        return address;
    }

    /** Neither zero nor that of a group. */
    static boolean isStation(long address) {
        return address != 0 && (address & MULTICAST) == 0 && address >>> (8 * BYTES) == 0;
    }

    /** The address as {@code 00:00:5e:00:01:33}. */
    public String addressText() {
        return COLONS.formatHex(addressBytes());
    }

    byte[] addressBytes() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (address >>> (8 * (BYTES - 1 - i)));
        }
        return bytes;
    }
}
