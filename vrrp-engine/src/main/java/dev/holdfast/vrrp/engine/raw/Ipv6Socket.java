package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.Ipv6Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.RejectReason;
import org.jspecify.annotations.Nullable;

/**
 * Over IPv6, where the kernel keeps the IP header to itself and tells addresses and hop limit beside the data, ipv6(7). The
 * checksum is ours to write and to judge: IPV6_CHECKSUM would have the kernel drop wrong ones where nobody counts them.
 */
final class Ipv6Socket extends RawSocket {
    private final Ipv6Layouts.Inbox inbox = new Ipv6Layouts.Inbox(arena, buffer);

    Ipv6Socket(Libc libc, int ifindex) {
        super(libc, Linux.AF_INET6, ifindex);
    }

    @Override
    void configure() {
        set("kept to its own groups", Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_ALL, 0);
        set("given a hop limit", Linux.IPPROTO_IPV6, Linux.IPV6_UNICAST_HOPS, AdvertisementCodec.HOP_LIMIT);
        set("given a multicast hop limit", Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_HOPS, AdvertisementCodec.HOP_LIMIT);
        set("kept from hearing itself", Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_LOOP, 0);
        set("given its multicast interface", Linux.IPPROTO_IPV6, Linux.IPV6_MULTICAST_IF, ifindex);
        set("told of hop limits", Linux.IPPROTO_IPV6, Linux.IPV6_RECVHOPLIMIT, 1);
        set("told of destinations", Linux.IPPROTO_IPV6, Linux.IPV6_RECVPKTINFO, 1);
        libc.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_TCLASS, TRAFFIC_CLASS_CONTROL);
    }

    @Override
    int membership(IpAddress group, boolean member) {
        return libc.setsockopt(
                fd,
                Linux.IPPROTO_IPV6,
                member ? Linux.IPV6_ADD_MEMBERSHIP : Linux.IPV6_DROP_MEMBERSHIP,
                Ipv6Layouts.mreq(arena, group.high(), group.low(), ifindex));
    }

    @Override
    public int receive() {
        int received = inbox.receive(fd);
        bytes.clear().limit(Math.max(0, received));
        return received;
    }

    @Override
    long stampNanos() {
        return inbox.stampNanos();
    }

    @Override
    public @Nullable RejectReason readHeader() {
        return null;
    }

    @Override
    public long sourceHigh() {
        return inbox.senderHigh();
    }

    @Override
    public long sourceLow() {
        return inbox.senderLow();
    }

    @Override
    public long destinationHigh() {
        return inbox.destinationHigh();
    }

    @Override
    public long destinationLow() {
        return inbox.destinationLow();
    }

    @Override
    public int hopLimit() {
        return inbox.hopLimit();
    }
}
