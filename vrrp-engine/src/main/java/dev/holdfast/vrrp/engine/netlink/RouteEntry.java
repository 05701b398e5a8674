package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.wire.IpAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A route of the kernel's tables, marked as ours.
 *
 * @param type RTN_* of rtnetlink(7)
 * @param destination of its prefix, with no bit set behind it
 * @param prefixLength 0: the default route
 * @param gateway RTA_GATEWAY
 * @param ifindex RTA_OIF; 0: the kernel finds it out by the gateway
 * @param source RTA_PREFSRC, the address that this host's own packets come from
 * @param table RTA_TABLE
 * @param metric RTA_PRIORITY; for IPv6 the kernel takes 1024 without it
 * @param scope RT_SCOPE_*
 * @param onlink whether the gateway is on the link whatever the addresses there are
 * @param mtu RTAX_MTU
 * @param advmss RTAX_ADVMSS
 */
public record RouteEntry(
        int type,
        IpAddress destination,
        int prefixLength,
        Optional<IpAddress> gateway,
        int ifindex,
        Optional<IpAddress> source,
        int table,
        OptionalLong metric,
        int scope,
        boolean onlink,
        OptionalInt mtu,
        OptionalInt advmss) {}
