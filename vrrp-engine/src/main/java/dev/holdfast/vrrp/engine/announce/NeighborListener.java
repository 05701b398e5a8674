package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.wire.AddressClaim;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.NeighborAdvertisement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hears the neighbour advertisements for some IPv6 addresses, solicited and unsolicited ones, through a raw ICMPv6 socket:
 * unlike on a packet socket, no filter has to run for each IPv6 packet of the link.
 */
public final class NeighborListener implements ClaimListener {
    private static final int RECEIVE_BYTES = 256;

    /** A turn ends after so many messages. */
    private static final int BATCH = 64;

    /** struct icmp6_filter: a bit for each type, set where it is blocked (RFC 3542 section 3.2). */
    private static final int FILTER_WORDS = 8;

    private static final int ADVERTISEMENT_TYPE = 136;

    private final Libc libc;
    private final int fd;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer;
    private final ByteBuffer bytes;

    /**
     * @param libc system calls
     * @param ifindex the interface
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    public NeighborListener(Libc libc, int ifindex) {
        this.libc = libc;
        this.buffer = arena.allocate(RECEIVE_BYTES, 8);
        this.bytes = buffer.asByteBuffer();
        int type = Linux.SOCK_RAW | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC;
        this.fd = libc.socket(Linux.AF_INET6, type, Linux.IPPROTO_ICMPV6);
        try {
            SystemCallException.check("a raw socket for neighbour advertisements cannot be opened", fd);
            set("kept to its type", Linux.IPPROTO_ICMPV6, Linux.ICMPV6_FILTER, advertisementsAlone());
            attach(List.of());
            set(
                    "bound to the interface",
                    Linux.SOL_SOCKET,
                    Linux.SO_BINDTOIFINDEX,
                    arena.allocateFrom(ValueLayout.JAVA_INT, ifindex));
        } catch (SystemCallException e) {
            close();
            throw e;
        }
    }

    private MemorySegment advertisementsAlone() {
        MemorySegment filter = arena.allocate(ValueLayout.JAVA_INT, FILTER_WORDS);
        for (int word = 0; word < FILTER_WORDS; word++) {
            filter.setAtIndex(ValueLayout.JAVA_INT, word, -1);
        }
        filter.setAtIndex(
                ValueLayout.JAVA_INT, ADVERTISEMENT_TYPE / Integer.SIZE, ~(1 << ADVERTISEMENT_TYPE % Integer.SIZE));
        return filter;
    }

    private void set(String what, int level, int name, MemorySegment value) {
        SystemCallException.check(
                "the raw socket for neighbour advertisements cannot be " + what,
                libc.setsockopt(fd, level, name, value));
    }

    private void attach(List<IpAddress> targets) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment filter = Layouts.sockFprog(scratch, TargetFilter.program(targets));
            set("given a filter", Linux.SOL_SOCKET, Linux.SO_ATTACH_FILTER, filter);
        }
    }

    @Override
    public void listenFor(Collection<IpAddress> addresses) {
        attach(List.copyOf(addresses));
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public void drain(Consumer<AddressClaim> out) {
        for (int i = 0; i < BATCH; i++) {
            long received = libc.recv(fd, buffer, 0);
            if (received < 0) {
                if (Errno.EAGAIN.is(received)) {
                    return;
                }
                continue;
            }
            bytes.clear().limit((int) received);
            NeighborAdvertisement.parse(bytes).ifPresent(out);
        }
    }

    @Override
    public void close() {
        if (fd >= 0) {
            libc.close(fd);
        }
        arena.close();
    }
}
