package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Instant;

/**
 * Another host answers for a virtual address while this one is MASTER: both hold it, and the neighbours reach now one, now
 * the other. The usual cause is a firewall that drops protocol 112, so that the two don't hear each other's advertisements.
 *
 * @param address the virtual address
 * @param mac the other's Ethernet address, {@code 02:00:0a:4d:00:0d}
 * @param since when its first claim was seen (wall clock)
 */
public record VipConflict(IpAddress address, String mac, Instant since) {
    /** What to do about it, for log and status. */
    public static final String ADVICE = "look for a firewall that drops IP protocol 112 (VRRP) between the two, for "
            + "different virtual router ids or passwords, or for a host that has the address as its own";

    @Override
    public String toString() {
        return address + " is also held by " + mac;
    }
}
