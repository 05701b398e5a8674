package dev.holdfast.vrrp.wire;

import java.util.List;

/**
 * One VRRP ADVERTISEMENT (RFC 9568 section 5, RFC 3768 section 5). A value that can be made can be put on the wire.
 *
 * @param version the protocol's version; 2 carries IPv4 alone
 * @param virtualRouterId 1..255
 * @param priority 0..255; 0 says that the MASTER resigns, 255 that it owns the addresses
 * @param intervalNanos version 2: whole seconds, 1..255; version 3: whole centiseconds, 1..4095
 * @param addresses the virtual addresses, at most 255, all of one family; version 3 needs at least one
 * @param authentication version 2 alone; {@link Authentication.None} for version 3
 */
public record Advertisement(
        VrrpVersion version,
        int virtualRouterId,
        int priority,
        long intervalNanos,
        List<IpAddress> addresses,
        Authentication authentication) {

    /** The most addresses that the count field can say. */
    public static final int MAX_ADDRESSES = 255;

    /** @throws IllegalArgumentException if a value is outside the ranges above; the message says which are accepted */
    public Advertisement {
        addresses = List.copyOf(addresses);
        require(
                virtualRouterId >= 1 && virtualRouterId <= 255,
                "virtual router id must be 1..255, not ",
                virtualRouterId);
        require(priority >= 0 && priority <= 255, "priority must be 0..255, not ", priority);
        require(
                addresses.size() <= MAX_ADDRESSES,
                "an advertisement carries at most 255 addresses, not ",
                addresses.size());
        version.requireInterval(intervalNanos);
        switch (version) {
            case V2 ->
                require(
                        addresses.stream().allMatch(a -> a.family() == IpFamily.IPV4),
                        "version 2 carries IPv4 addresses alone, not ",
                        addresses);
            case V3 -> {
                require(!addresses.isEmpty(), "version 3 needs at least one address, not ", addresses);
                IpFamily family = addresses.getFirst().family();
                require(
                        addresses.stream().allMatch(a -> a.family() == family),
                        "an advertisement carries addresses of one family, not ",
                        addresses);
                require(
                        authentication instanceof Authentication.None,
                        "version 3 has no authentication of its own, so not ",
                        authentication);
            }
        }
    }

    private static void require(boolean holds, String accepted, Object got) {
        if (!holds) {
            throw new IllegalArgumentException(accepted + got);
        }
    }
}
