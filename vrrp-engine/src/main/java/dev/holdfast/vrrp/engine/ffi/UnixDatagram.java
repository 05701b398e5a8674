package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Datagrams to Unix sockets, unix(7); the JDK has stream sockets alone. */
public final class UnixDatagram {
    private static final long SEND_LIMIT_MICROS = 1_000_000;

    private UnixDatagram() {}

    /**
     * Sends a text as one datagram; waits for a second at most where the receiver's queue is full.
     *
     * @param name of the receiver's socket: an absolute path, or {@code @} and a name in the abstract namespace
     * @throws IllegalArgumentException if it is no such name
     * @throws SystemCallException if it can't be sent
     */
    public static void send(String name, String text) {
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            MemorySegment address = Layouts.sockaddrUn(arena, name);
            MemorySegment data = arena.allocateFrom(JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
            int fd = SystemCallException.check(
                    "a Unix socket can't be opened",
                    libc.socket(Linux.AF_UNIX, Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC, 0));
            try {
                libc.setsockopt(fd, Linux.SOL_SOCKET, Linux.SO_SNDTIMEO, Layouts.timeval(arena, SEND_LIMIT_MICROS));
                long sent = libc.sendto(fd, data, data.byteSize(), 0, address);
                if (sent < 0) {
                    throw new SystemCallException(name + " can't be told anything", sent);
                }
            } finally {
                libc.close(fd);
            }
        }
    }
}
