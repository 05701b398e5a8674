package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.ArpFrame;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.NeighborAdvertisement;
import dev.holdfast.vrrp.wire.NeighborSolicitation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Sends gratuitous ARP, unsolicited neighbour advertisements and questions on any interface; hears nothing. Belongs to the thread that opened it. */
public final class ArpSocket implements AutoCloseable {
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};

    private final Libc libc;
    private final int fd;
    private final MemorySegment frame;
    private final MemorySegment address;
    private final MemorySegment ipv6Address;

    /**
     * @param libc system calls
     * @param arena holds the buffers
     * @throws SystemCallException if the kernel refuses a packet socket: CAP_NET_RAW is missing
     */
    public ArpSocket(Libc libc, Arena arena) {
        this.libc = libc;
        // Protocol 0: it receives nothing, so nothing piles up.
        int type = Linux.SOCK_RAW | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        this.fd = SystemCallException.check(
                "a packet socket for ARP cannot be opened", libc.socket(Linux.AF_PACKET, type, 0));
        this.frame = arena.allocate(NeighborAdvertisement.LENGTH, 8);
        this.address = Layouts.sockaddrLl(arena, Linux.ETH_P_ARP, 0, BROADCAST);
        this.ipv6Address = Layouts.sockaddrLl(arena, Linux.ETH_P_IPV6, 0, BROADCAST);
    }

    /**
     * Says that the address is at this MAC, in the request and in the reply form, because some stacks heed only one.
     *
     * @param ifindex the interface to say it on
     * @param mac its Ethernet address, 6 bytes
     * @param vip an IPv4 address that this host holds
     * @return 0, or -errno
     */
    public int announce(int ifindex, byte[] mac, IpAddress vip) {
        Layouts.setInterface(address, ifindex);
        long request = send(ArpFrame.gratuitousRequest(mac, vip));
        long reply = send(ArpFrame.gratuitousReply(mac, vip));
        return (int) Math.min(0, Math.min(request, reply));
    }

    /**
     * Says that the address is at this MAC, by an unsolicited neighbour advertisement.
     *
     * @param vip an IPv6 address that this host holds
     * @param router whether this host forwards IPv6 there
     * @return 0, or -errno
     */
    public int advertise(int ifindex, byte[] mac, IpAddress vip, boolean router) {
        Layouts.setInterface(ipv6Address, ifindex);
        return (int) Math.min(0, send(NeighborAdvertisement.unsolicited(mac, vip, router), ipv6Address));
    }

    /**
     * Asks who else holds the IPv6 address; who does answers this host alone.
     *
     * @param source a link-local address of this host on the interface
     * @return 0, or -errno
     */
    public int solicit(int ifindex, byte[] mac, IpAddress source, IpAddress vip) {
        Layouts.setInterface(ipv6Address, ifindex);
        return (int) Math.min(0, send(NeighborSolicitation.request(mac, source, vip), ipv6Address));
    }

    /**
     * Asks who else holds the IPv4 address (RFC 5227 section 2.1.1); spoils nobody's cache.
     *
     * @return 0, or -errno
     */
    public int probe(int ifindex, byte[] mac, IpAddress vip) {
        Layouts.setInterface(address, ifindex);
        return (int) Math.min(0, send(ArpFrame.probe(mac, vip)));
    }

    private long send(byte[] bytes) {
        return send(bytes, address);
    }

    private long send(byte[] bytes, MemorySegment address) {
        MemorySegment.copy(bytes, 0, frame, ValueLayout.JAVA_BYTE, 0, bytes.length);
        long sent = libc.sendto(fd, frame, bytes.length, 0, address);
        return Errno.EINTR.is(sent) ? libc.sendto(fd, frame, bytes.length, 0, address) : sent;
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
