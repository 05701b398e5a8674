package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls, as the C library offers them. Most return what the call returns or, if that is a failure, the
 * negated error number ({@link Errno}), so that the caller decides what is an error.
 * Not thread-safe: the error number goes through one piece of memory of the object.
 */
public final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /**
     * Calls of like parameters share one of three shapes. For each shape the virtual machine generates code, which takes
     * milliseconds and memory that no cache saves. Both supported architectures pass six integers and pointers in registers,
     * an int is the lower half of one, and a function does not look at those that it has no parameter for.
     */
    private static final FunctionDescriptor ON_BUFFERS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);

    private static final FunctionDescriptor ON_NUMBERS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);

    /**
     * What is called for each packet, without the error number: the virtual machine makes a small object for that, at every
     * call, which its first compiler does not do away with.
     */
    private static final FunctionDescriptor ON_EACH_PACKET =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle BIND = link("bind", ON_BUFFERS);
    private static final MethodHandle GETSOCKNAME = link("getsockname", ON_BUFFERS);
    private static final MethodHandle SENDTO = link("sendto", ON_BUFFERS);
    private static final MethodHandle SENDMSG = link("sendmsg", ON_BUFFERS);
    private static final MethodHandle RECV = link("recv", ON_BUFFERS);
    private static final MethodHandle READ = link("read", ON_BUFFERS);
    private static final MethodHandle CLOSE = link("close", ON_BUFFERS);

    private static final MethodHandle SOCKET = link("socket", ON_NUMBERS);
    private static final MethodHandle SETSOCKOPT = link("setsockopt", ON_NUMBERS);
    private static final MethodHandle TIMERFD_CREATE = link("timerfd_create", ON_NUMBERS);

    private static final MethodHandle SCHED_SETSCHEDULER = link("sched_setscheduler", ON_NUMBERS);

    private static final MethodHandle SEND_PACKET = linkForPackets("sendmsg");
    private static final MethodHandle SEND_PACKETS = linkForPackets("sendmmsg");
    private static final MethodHandle RECEIVE_PACKET = linkForPackets("recvmsg");
    private static final MethodHandle TIMERFD_SETTIME = linkForPackets("timerfd_settime");

    private final MemorySegment callState;
    private final MemorySegment intOption;

    /** @param arena lives as long as the object is used, by the threads that use it */
    public Libc(Arena arena) {
        this.callState = arena.allocate(CALL_STATE);
        this.intOption = arena.allocate(JAVA_INT);
    }

    private static MethodHandle link(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), shape, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle linkForPackets(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), ON_EACH_PACKET);
    }

    /** As a parameter of the kind would, but for threads: memory that is gone must not reach the kernel. */
    private static long address(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("memory that was given back");
        }
        return segment.address();
    }

    /** socket(2): the descriptor, or -errno. */
    public int socket(int domain, int type, int protocol) {
        try {
            return orErrno((int) (long)
                    SOCKET.invokeExact(callState, (long) domain, (long) type, (long) protocol, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** setsockopt(2) with the whole segment as the value: 0, or -errno. */
    public int setsockopt(int fd, int level, int name, MemorySegment value) {
        try {
            return orErrno((int) (long)
                    SETSOCKOPT.invokeExact(callState, (long) fd, (long) level, (long) name, value, value.byteSize()));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** setsockopt(2) with an int as the value: 0, or -errno. */
    public int setsockopt(int fd, int level, int name, int value) {
        intOption.set(JAVA_INT, 0, value);
        return setsockopt(fd, level, name, intOption);
    }

    /** bind(2) to the whole segment as the address: 0, or -errno. */
    public int bind(int fd, MemorySegment address) {
        try {
            return orErrno((int) (long)
                    BIND.invokeExact(callState, (long) fd, address, address.byteSize(), 0L, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** getsockname(2) into the whole segment: 0, or -errno. */
    public int getsockname(int fd, MemorySegment address) {
        intOption.set(JAVA_INT, 0, (int) address.byteSize());
        try {
            return orErrno((int) (long) GETSOCKNAME.invokeExact(
                    callState, (long) fd, address, intOption.address(), 0L, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** sendto(2): the number of bytes sent, or -errno. */
    public long sendto(int fd, MemorySegment data, long length, int flags, MemorySegment address) {
        try {
            return orErrno((long)
                    SENDTO.invokeExact(callState, (long) fd, data, length, (long) flags, address, address.byteSize()));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * sendmsg(2) with a {@link Layouts#MSGHDR}: the number of bytes sent, or -errno. What fails is tried a second time, to
     * learn why.
     */
    public long sendmsg(int fd, MemorySegment message, int flags) {
        try {
            long sent = (long) SEND_PACKET.invokeExact((long) fd, address(message), (long) flags, 0L);
            return sent >= 0
                    ? sent
                    : orErrno((long) SENDMSG.invokeExact(
                            callState, (long) fd, message, (long) flags, 0L, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * sendmmsg(2) of messages that lie in a row: how many were sent, or -1 without the reason if the first one failed.
     *
     * @param messages an array of {@link Layouts#MMSGHDR}
     * @param offset where the first one is, in bytes
     */
    public static int sendmmsg(int fd, MemorySegment messages, long offset, int count) {
        try {
            return (int) (long) SEND_PACKETS.invokeExact((long) fd, address(messages) + offset, (long) count, 0L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * recvmsg(2) with a {@link Layouts#MSGHDR}: the number of bytes received, or -1 without the reason. Mostly nothing is
     * there; an error is told once, and a descriptor that has more to read says so to epoll(7).
     */
    public static long recvmsg(int fd, MemorySegment message, int flags) {
        try {
            return (long) RECEIVE_PACKET.invokeExact((long) fd, address(message), (long) flags, 0L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** recv(2) into the whole segment: the number of bytes received, or -errno. */
    public long recv(int fd, MemorySegment data, int flags) {
        try {
            return orErrno((long) RECV.invokeExact(
                    callState, (long) fd, data, data.byteSize(), (long) flags, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** read(2) into the whole segment: the number of bytes read, or -errno. */
    public long read(int fd, MemorySegment data) {
        try {
            return orErrno(
                    (long) READ.invokeExact(callState, (long) fd, data, data.byteSize(), 0L, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** close(2): 0, or -errno; the descriptor is gone in either case. */
    public int close(int fd) {
        try {
            return orErrno((int)
                    (long) CLOSE.invokeExact(callState, (long) fd, MemorySegment.NULL, 0L, 0L, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** timerfd_create(2): the descriptor, or -errno. */
    public int timerfdCreate(int clock, int flags) {
        try {
            return orErrno((int) (long)
                    TIMERFD_CREATE.invokeExact(callState, (long) clock, (long) flags, 0L, MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** timerfd_settime(2) with a {@link Layouts#ITIMERSPEC}: 0, or -1 without the reason. */
    public static int timerfdSettime(int fd, int flags, MemorySegment newValue) {
        try {
            return (int) (long) TIMERFD_SETTIME.invokeExact((long) fd, (long) flags, address(newValue), 0L);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** sched_setscheduler(2) of a thread, 0 for the calling one: 0, or -errno. */
    public int schedSetscheduler(int thread, int policy, MemorySegment parameters) {
        try {
            return orErrno((int) (long) SCHED_SETSCHEDULER.invokeExact(
                    callState, (long) thread, (long) policy, parameters.address(), MemorySegment.NULL, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private int orErrno(int result) {
        return result >= 0 ? result : -callState.get(JAVA_INT, ERRNO_OFFSET);
    }

    private long orErrno(long result) {
        return result >= 0 ? result : -callState.get(JAVA_INT, ERRNO_OFFSET);
    }

    /** A downcall itself throws nothing; what arrives here is wrong use of memory or a failing JVM. */
    private static RuntimeException unexpected(Throwable t) {
        return switch (t) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(t);
        };
    }
}
