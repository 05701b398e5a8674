package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import java.util.Optional;

/**
 * Where and how a virtual address is put on the host, as with {@code ip address add}.
 *
 * @param device the interface it goes on; empty: the instance's own
 * @param track whether the instance is in FAULT while that device is missing or down; means nothing without a device
 * @param label the name that old tools show it under, at most 15 characters; IPv4 alone
 * @param scope RT_SCOPE_* of rtnetlink(7), 0..255: 0 global, 200 site, 253 link, 254 host, 255 nowhere; IPv4 alone
 * @param broadcast the broadcast address of its subnet; empty: none; IPv4 alone
 * @param prefixRoute whether the kernel makes a route to its subnet
 * @param deprecated whether the host prefers any other address for what it sends itself (RFC 4862 section 5.5.4); empty: an
 *     IPv6 host address (/128) alone, as in keepalived
 */
public record AddressOptions(
        Optional<String> device,
        boolean track,
        Optional<String> label,
        int scope,
        Optional<IpAddress> broadcast,
        boolean prefixRoute,
        Optional<Boolean> deprecated) {
    /** RT_SCOPE_UNIVERSE. */
    public static final int GLOBAL = 0;

    private static final AddressOptions NONE = new AddressOptions(
            Optional.empty(), true, Optional.empty(), GLOBAL, Optional.empty(), true, Optional.empty());

    /** On the instance's interface, of global scope, without label and broadcast address. */
    public static AddressOptions none() {
        return NONE;
    }

    /** The same on another interface. */
    public AddressOptions on(String other) {
        return new AddressOptions(Optional.of(other), track, label, scope, broadcast, prefixRoute, deprecated);
    }
}
