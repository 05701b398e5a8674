package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.wire.IpAddress;
import java.util.Optional;

/**
 * An address as it is to be. The kernel reads all of it when it adds one, and of one that is there it takes the lifetimes.
 *
 * @param entry address, interface, prefix and scope, and of the flags NODAD and NOPREFIXROUTE
 * @param label IFA_LABEL, at most 15 characters
 * @param broadcast IFA_BROADCAST
 * @param lifetimeSeconds the kernel removes it after this time unless it is renewed; 0: it stays for ever
 * @param deprecated whether it is preferred for no time at all; otherwise as long as it lives
 */
public record AddressRequest(
        HostAddress entry,
        Optional<String> label,
        Optional<IpAddress> broadcast,
        int lifetimeSeconds,
        boolean deprecated) {
    /** Without label and broadcast address, and preferred as long as it lives. */
    public static AddressRequest of(HostAddress entry, int lifetimeSeconds) {
        return new AddressRequest(entry, Optional.empty(), Optional.empty(), lifetimeSeconds, false);
    }

    @Override
    public String toString() {
        return entry.toString();
    }
}
