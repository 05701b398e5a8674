package dev.holdfast.lab;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Sends any bytes as IP protocol 112 to the group of all VRRP routers, from a lab host. */
final class RawVrrp implements AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_VRRP = 112;
    private static final int IP_MULTICAST_TTL = 33;
    private static final byte[] GROUP = {(byte) 224, 0, 0, 18};

    private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SENDTO = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("sendto"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", JAVA_INT);

    private final int fd;

    private RawVrrp(int fd) {
        this.fd = fd;
    }

    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow(name),
                        FunctionDescriptor.of(JAVA_INT, arguments));
    }

    static RawVrrp open(Host host) {
        int fd = host.call(() -> {
            try {
                return (int) SOCKET.invokeExact(AF_INET, SOCK_RAW, IPPROTO_VRRP);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        });
        if (fd < 0) {
            throw new IllegalStateException("no raw socket");
        }
        return new RawVrrp(fd);
    }

    void send(byte[] message, int ttl) {
        try (Arena arena = Arena.ofConfined()) {
            int set = (int)
                    SETSOCKOPT.invokeExact(fd, IPPROTO_IP, IP_MULTICAST_TTL, arena.allocateFrom(JAVA_INT, ttl), 4);
            MemorySegment address = arena.allocate(16);
            address.set(java.lang.foreign.ValueLayout.JAVA_SHORT, 0, (short) AF_INET);
            MemorySegment.copy(GROUP, 0, address, JAVA_BYTE, 4, GROUP.length);
            MemorySegment payload = arena.allocate(Math.max(1, message.length));
            MemorySegment.copy(message, 0, payload, JAVA_BYTE, 0, message.length);
            long sent = (long) SENDTO.invokeExact(fd, payload, (long) message.length, 0, address, 16);
            if (set != 0 || sent != message.length) {
                throw new IllegalStateException("cannot send " + message.length + " bytes with TTL " + ttl);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            int closed = (int) CLOSE.invokeExact(fd);
            if (closed != 0) {
                throw new IllegalStateException("cannot close a socket");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
