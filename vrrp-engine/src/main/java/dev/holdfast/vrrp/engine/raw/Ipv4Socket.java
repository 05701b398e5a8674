package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.Ipv4Header;
import dev.holdfast.vrrp.wire.RejectReason;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Over IPv4, where the IP header goes with the data in both directions, raw(7). */
final class Ipv4Socket extends RawSocket {
    private final Ipv4Header header = new Ipv4Header();
    private final Layouts.Inbox inbox = new Layouts.Inbox(arena, buffer);

    Ipv4Socket(Libc libc, int ifindex) {
        super(libc, Linux.AF_INET, ifindex);
    }

    @Override
    void configure() {
        // Without this, a socket hears every group that anybody on this host has joined.
        set("kept to its own groups", Linux.IPPROTO_IP, Linux.IP_MULTICAST_ALL, 0);
        set("given headers of ours", Linux.IPPROTO_IP, Linux.IP_HDRINCL, 1);
        set("kept from hearing itself", Linux.IPPROTO_IP, Linux.IP_MULTICAST_LOOP, 0);
        MemorySegment interfaceAlone = Layouts.ipMreqn(arena, 0, ifindex);
        SystemCallException.check(
                "the raw socket cannot be given its multicast interface",
                libc.setsockopt(fd, Linux.IPPROTO_IP, Linux.IP_MULTICAST_IF, interfaceAlone));
    }

    @Override
    int membership(IpAddress group, boolean member) {
        return libc.setsockopt(
                fd,
                Linux.IPPROTO_IP,
                member ? Linux.IP_ADD_MEMBERSHIP : Linux.IP_DROP_MEMBERSHIP,
                Layouts.ipMreqn(arena, group.low(), ifindex));
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
        return header.read(bytes, 0);
    }

    @Override
    public long sourceHigh() {
        return 0;
    }

    @Override
    public long sourceLow() {
        return header.source();
    }

    @Override
    public long destinationHigh() {
        return 0;
    }

    @Override
    public long destinationLow() {
        return header.destination();
    }

    @Override
    public int hopLimit() {
        return header.ttl();
    }
}
