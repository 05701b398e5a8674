package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** What the kernel tells without being asked: links and addresses that come, change and go. Never blocks. */
public final class RouteEvents implements AutoCloseable {
    private static final int RTMGRP_LINK = 0x1;
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    private static final int SOCKET_BUFFER = 1024 * 1024;

    private final Libc libc;
    private final int fd;
    private final MemorySegment buffer;
    private final ByteBuffer bytes;

    /**
     * @param libc system calls
     * @param arena holds the buffers
     * @throws SystemCallException if the kernel refuses a netlink socket
     */
    public RouteEvents(Libc libc, Arena arena) {
        this.libc = libc;
        this.buffer = arena.allocate(RECEIVE_BUFFER, 8);
        this.bytes = buffer.asByteBuffer();
        MemorySegment groups = Layouts.sockaddrNl(arena, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
        this.fd = netlinkSocket(libc, groups, Linux.SOCK_NONBLOCK);
        libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_RCVBUFFORCE, SOCKET_BUFFER);
    }

    /**
     * From now on nothing is told of addresses that this port adds or changes.
     *
     * @param renewals the requests of somebody who only renews lifetimes, and so learns nothing from hearing of it
     */
    public void ignoreRenewalsBy(RouteRequests renewals) {
        try (Arena scratch = Arena.ofConfined()) {
            SystemCallException.check(
                    "a filter for netlink events cannot be set",
                    libc.setsockopt(
                            fd,
                            Linux.SOL_SOCKET,
                            Linux.SO_ATTACH_FILTER,
                            Layouts.sockFprog(scratch, RenewalFilter.program(renewals.port()))));
        }
    }

    static int netlinkSocket(Libc libc, MemorySegment address, int extraType) {
        int type = Linux.SOCK_RAW | Linux.SOCK_CLOEXEC | extraType;
        int fd = SystemCallException.check(
                "a netlink socket cannot be opened", libc.socket(Linux.AF_NETLINK, type, Linux.NETLINK_ROUTE));
        int bound = libc.bind(fd, address);
        if (bound < 0) {
            libc.close(fd);
            throw new SystemCallException("a netlink socket cannot be bound", bound);
        }
        return fd;
    }

    /** The descriptor to watch for input. */
    public int fd() {
        return fd;
    }

    /**
     * Hands over all that is waiting.
     *
     * @return false if something was lost or unreadable, so that only a new look at everything tells what is
     */
    public boolean drain(Consumer<? super RouteMessage> out) {
        boolean complete = true;
        while (true) {
            long received = libc.recv(fd, buffer, 0);
            if (Errno.EAGAIN.is(received)) {
                return complete;
            }
            if (received < 0) {
                // ENOBUFS says that messages were dropped and clears itself; anything else would come again for ever.
                complete = false;
                if (!Errno.ENOBUFS.is(received) && !Errno.EINTR.is(received)) {
                    return false;
                }
                continue;
            }
            bytes.clear().limit((int) received);
            complete &= RouteCodec.read(bytes, out);
        }
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
