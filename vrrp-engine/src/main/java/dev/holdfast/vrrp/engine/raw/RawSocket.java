package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A non-blocking IPv4 socket of protocol 112 that hears and speaks on one interface alone, for all virtual routers there.
 * Belongs to the thread that opened it.
 */
public final class RawSocket implements AutoCloseable {
    /** An IPv4 header with options, 255 addresses and a trailer, with room to spare. */
    private static final int MAX_DATAGRAM = 2048;

    /** Room for 255 instances that speak at the same moment, several times over. */
    private static final int RECEIVE_BUFFER = 1024 * 1024;

    /** Internetwork control (RFC 9568 section 5.1.1 leaves it open, keepalived does the same). */
    private static final int TOS_CONTROL = 0xC0;

    /** The highest priority that queueing disciplines know without CAP_NET_ADMIN. */
    private static final int PRIORITY_CONTROL = 6;

    private final Libc libc;
    private final int ifindex;
    private final int fd;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer;
    private final ByteBuffer bytes;
    private boolean joined;

    /**
     * Opens the socket.
     *
     * @param libc system calls
     * @param ifindex the interface
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    public RawSocket(Libc libc, int ifindex) {
        this.libc = libc;
        this.ifindex = ifindex;
        this.buffer = arena.allocate(MAX_DATAGRAM, 8);
        this.bytes = buffer.asByteBuffer();
        int type = Linux.SOCK_RAW | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        this.fd = libc.socket(Linux.AF_INET, type, Linux.IPPROTO_VRRP);
        try {
            SystemCallException.check("a raw socket cannot be opened", fd);
            set("bound to the interface", Linux.SOL_SOCKET, Linux.SO_BINDTOIFINDEX, ifindex);
            // Without this, a socket hears every group that anybody on this host has joined.
            set("kept to its own groups", Linux.IPPROTO_IP, Linux.IP_MULTICAST_ALL, 0);
            set("given a TTL", Linux.IPPROTO_IP, Linux.IP_TTL, AdvertisementCodec.HOP_LIMIT);
            set("given a multicast TTL", Linux.IPPROTO_IP, Linux.IP_MULTICAST_TTL, AdvertisementCodec.HOP_LIMIT);
            set("kept from hearing itself", Linux.IPPROTO_IP, Linux.IP_MULTICAST_LOOP, 0);
            MemorySegment interfaceAlone = Layouts.ipMreqn(arena, 0, ifindex);
            SystemCallException.check(
                    "the raw socket cannot be given its multicast interface",
                    libc.setsockopt(fd, Linux.IPPROTO_IP, Linux.IP_MULTICAST_IF, interfaceAlone));
            // The rest makes things better where it is allowed; advertisements work without.
            libc.setsockopt(fd, Linux.IPPROTO_IP, Linux.IP_TOS, TOS_CONTROL);
            libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_PRIORITY, PRIORITY_CONTROL);
            libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, RECEIVE_BUFFER);
        } catch (SystemCallException e) {
            close();
            throw e;
        }
    }

    private void set(String what, int level, int name, int value) {
        SystemCallException.check("the raw socket cannot be " + what, libc.setsockopt(fd, level, name, value));
    }

    /** Hears the group of all VRRP routers from now on; again is harmless. */
    public void joinGroup() {
        if (!joined) {
            MemorySegment membership = Layouts.ipMreqn(arena, AdvertisementCodec.GROUP_IPV4.low(), ifindex);
            SystemCallException.check(
                    "the group " + AdvertisementCodec.GROUP_IPV4 + " cannot be joined",
                    libc.setsockopt(fd, Linux.IPPROTO_IP, Linux.IP_ADD_MEMBERSHIP, membership));
            joined = true;
        }
    }

    /** The descriptor to watch for input. */
    public int fd() {
        return fd;
    }

    /** The interface it was opened on. */
    public int ifindex() {
        return ifindex;
    }

    /**
     * Takes the next datagram, IPv4 header included, into {@link #datagram()}.
     *
     * @return its length, or -errno; EAGAIN if none is waiting
     */
    public int receive() {
        int received = (int) libc.recv(fd, buffer, 0);
        bytes.clear().limit(Math.max(0, received));
        return received;
    }

    /** What {@link #receive} took last; always the same buffer. */
    public ByteBuffer datagram() {
        return bytes;
    }

    /**
     * Sends a prepared message.
     *
     * @param message a {@link Layouts#MSGHDR}
     * @return the number of bytes, or -errno
     */
    long send(MemorySegment message) {
        return libc.sendmsg(fd, message, 0);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            libc.close(fd);
        }
        arena.close();
    }
}
