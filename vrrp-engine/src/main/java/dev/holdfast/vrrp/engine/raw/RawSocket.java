package dev.holdfast.vrrp.engine.raw;

import dev.holdfast.vrrp.engine.ffi.BootClock;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking socket of protocol 112 that hears and speaks on one interface alone, for all virtual routers there.
 * Belongs to the thread that opened it.
 */
public abstract sealed class RawSocket implements AutoCloseable permits Ipv4Socket, Ipv6Socket {
    /** An IPv4 header with options, 255 addresses and a trailer, with room to spare. */
    private static final int MAX_DATAGRAM = 2048;

    /** Room for 255 instances that speak at the same moment, several times over. */
    private static final int RECEIVE_BUFFER = 1024 * 1024;

    /** Far longer than an event loop takes that has the CPU, and far shorter than any Master_Down_Interval. */
    private static final long MOMENT_NANOS = 5_000_000;

    /** Internetwork control (RFC 9568 section 5.1.1 leaves it open, keepalived does the same). */
    static final int TRAFFIC_CLASS_CONTROL = 0xC0;

    /** The highest priority that queueing disciplines know without CAP_NET_ADMIN. */
    private static final int PRIORITY_CONTROL = 6;

    /** The BPF program that lets nothing pass: return 0. */
    private static final long[] DROP_ALL = {0x06};

    final Libc libc;
    final int ifindex;
    final int fd;
    final Arena arena = Arena.ofConfined();
    final MemorySegment buffer = arena.allocate(MAX_DATAGRAM, 8);
    final ByteBuffer bytes = buffer.asByteBuffer();
    private final Set<IpAddress> joined = new HashSet<>();

    RawSocket(Libc libc, int domain, int ifindex) {
        this.libc = libc;
        this.ifindex = ifindex;
        int type = Linux.SOCK_RAW | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        this.fd = libc.socket(domain, type, Linux.IPPROTO_VRRP);
    }

    /**
     * Opens one.
     *
     * @param libc system calls
     * @param family whose packets
     * @param ifindex the interface
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    public static RawSocket open(Libc libc, IpFamily family, int ifindex) {
        RawSocket socket = switch (family) {
            case IPV4 -> new Ipv4Socket(libc, ifindex);
            case IPV6 -> new Ipv6Socket(libc, ifindex);
        };
        try {
            SystemCallException.check("a raw socket cannot be opened", socket.fd);
            socket.set("bound to the interface", Linux.SOL_SOCKET, Linux.SO_BINDTOIFINDEX, ifindex);
            socket.configure();
            // The rest makes things better where it is allowed; advertisements work without.
            libc.setsockopt(socket.fd, Linux.SOL_SOCKET, Linux.SO_TIMESTAMPNS, 1);
            libc.setsockopt(socket.fd, Linux.SOL_SOCKET, Linux.SO_PRIORITY, PRIORITY_CONTROL);
            libc.setsockopt(socket.fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, RECEIVE_BUFFER);
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Opens one that hears nothing and may send from addresses that another link of this host has.
     *
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    public static RawSocket openToSend(Libc libc, IpFamily family, int ifindex) {
        RawSocket socket = open(libc, family, ifindex);
        try (Arena scratch = Arena.ofConfined()) {
            SystemCallException.check(
                    "the raw socket cannot be given a filter",
                    libc.setsockopt(
                            socket.fd, Linux.SOL_SOCKET, Linux.SO_ATTACH_FILTER, Layouts.sockFprog(scratch, DROP_ALL)));
            if (family == IpFamily.IPV6) {
                socket.set("given a foreign source", Linux.IPPROTO_IPV6, Linux.IPV6_FREEBIND, 1);
            }
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /** Hop limit, own groups alone, no echo of what it sends: in the family's way. */
    abstract void configure();

    /** Joins or leaves a group on the interface; the result of setsockopt. */
    abstract int membership(IpAddress group, boolean member);

    final void set(String what, int level, int name, int value) {
        SystemCallException.check("the raw socket cannot be " + what, libc.setsockopt(fd, level, name, value));
    }

    /**
     * Hears these groups from now on and no others; again is harmless.
     *
     * @throws SystemCallException if the kernel refuses
     */
    public final void hear(Set<IpAddress> groups) {
        for (IpAddress group : groups) {
            if (!joined.contains(group)) {
                SystemCallException.check("the group " + group + " cannot be joined", membership(group, true));
                joined.add(group);
            }
        }
        joined.removeIf(group -> !groups.contains(group) && membership(group, false) >= 0);
    }

    /** The descriptor to watch for input. */
    public final int fd() {
        return fd;
    }

    /** The interface it was opened on. */
    public final int ifindex() {
        return ifindex;
    }

    /**
     * Takes the next datagram into {@link #datagram()}.
     *
     * @return its length, or -1 if none is waiting, or the socket had an error to report
     */
    public abstract int receive();

    /** When the kernel took in what was received, nanoseconds since 1970; 0 if it did not say. */
    abstract long stampNanos();

    /**
     * When what was received came to this host: before {@code now}, by what the event loop took to wake up and get here. Only
     * if that is a moment: whatever waited for longer, or the wall clock was set meanwhile, came now.
     *
     * @param now by {@link BootClock}
     */
    public final long arrivedNanos(long now) {
        long stamp = stampNanos();
        long age = stamp == 0 ? 0 : BootClock.wallNanos() - stamp;
        if (age <= 0 || age >= MOMENT_NANOS) {
            return now;
        }
        // By the clock as it is now: the age has grown since the caller's now, and too early an arrival would be a
        // take-over before its time. The wall clock is read first, so what lies between the two makes it late.
        return Math.min(now, BootClock.nanos() - age);
    }

    /**
     * Judges the IP header of what was received, but for the hop limit, and leaves the VRRP message in
     * {@link #datagram()}.
     *
     * @return null if it holds, else TRUNCATED, IP_HEADER or FRAGMENT
     */
    public abstract @Nullable RejectReason readHeader();

    /** The sender's address, upper half; 0 for IPv4. */
    public abstract long sourceHigh();

    /** The sender's address, lower half. */
    public abstract long sourceLow();

    /** The address it was sent to, upper half; 0 for IPv4. */
    public abstract long destinationHigh();

    /** The address it was sent to, lower half. */
    public abstract long destinationLow();

    /** The hop limit, or TTL, that it arrived with. */
    public abstract int hopLimit();

    /** What {@link #receive} took last; always the same buffer. */
    public final ByteBuffer datagram() {
        return bytes;
    }

    @Override
    public final void close() {
        if (fd >= 0) {
            libc.close(fd);
        }
        arena.close();
    }
}
