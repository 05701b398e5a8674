package dev.holdfast.vrrp.engine.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * CLOCK_BOOTTIME: the clock of {@link System#nanoTime}, but it goes on while the host is suspended, clock_gettime(2). A
 * MASTER that wakes up must know that it was away; by nanoTime it would take the advert that is long overdue for one in time.
 */
public final class BootClock {
    /** For timerfd_create(2) too. */
    public static final int ID = 7;

    private static final int REALTIME = 0;

    // The call stays in user space and is over at once, so the thread need not tell the JVM that it leaves.
    private static final MethodHandle CLOCK_GETTIME = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS),
                    Linker.Option.critical(false));

    private static final ThreadLocal<MemorySegment> TIMESPEC =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(MemoryLayout.sequenceLayout(2, JAVA_LONG)));

    private BootClock() {}

    /** Nanoseconds since the host was booted; never steps back. Allocates nothing but on a thread's first call. */
    public static long nanos() {
        return read(ID);
    }

    /** CLOCK_REALTIME, nanoseconds since 1970; may be set at any time. The kernel stamps packets by it. */
    public static long wallNanos() {
        return read(REALTIME);
    }

    private static long read(int clock) {
        MemorySegment timespec = TIMESPEC.get();
        try {
            int result = (int) CLOCK_GETTIME.invokeExact(clock, timespec);
            if (result != 0) {
                throw new IllegalStateException("this kernel has no clock " + clock);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
        return timespec.getAtIndex(JAVA_LONG, 0) * 1_000_000_000L + timespec.getAtIndex(JAVA_LONG, 1);
    }
}
