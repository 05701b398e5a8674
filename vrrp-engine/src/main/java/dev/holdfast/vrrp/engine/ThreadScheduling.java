package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How the kernel schedules the calling thread, and the virtual machine's own: the calling thread waits whenever that one collects
 * garbage, and a collection of some milliseconds takes up to 200 on a busy host if it has to wait for a CPU itself.
 */
final class ThreadScheduling {
    /**
     * The lowest real-time priority: before everything that is not real-time, after everything that is, the kernel's own
     * threads among it. A loop of ours that went wrong is held back by the kernel's limit (sched_rt_runtime_us).
     */
    private static final int PRIORITY = 1;

    private static final int CALLING_THREAD = 0;
    private static final Path THREADS = Path.of("/proc/self/task");

    /** HotSpot's name for it; it carries out each operation for which all others are stopped. */
    private static final String VIRTUAL_MACHINE = "VM Thread";

    private ThreadScheduling() {}

    /**
     * Makes them real-time threads (SCHED_RR), or ordinary ones. What they start is ordinary in any case.
     *
     * @return why the kernel refused, in words; empty if it did not
     */
    static Optional<String> set(boolean realTime) {
        try (Arena arena = Arena.ofConfined()) {
            Libc libc = new Libc(arena);
            int result = set(libc, arena, CALLING_THREAD, realTime);
            if (result == 0) {
                OptionalInt machine = virtualMachine();
                if (machine.isPresent()) {
                    result = set(libc, arena, machine.getAsInt(), realTime);
                }
            }
            if (result == 0) {
                return Optional.empty();
            }
            String reason = Errno.EPERM.is(result) ? "CAP_SYS_NICE is missing" : Errno.describe(result);
            return Optional.of("the event loop can't be scheduled " + (realTime ? "in real time" : "ordinarily") + ": "
                    + reason + "; on a busy host its adverts may come late");
        }
    }

    private static int set(Libc libc, Arena arena, int thread, boolean realTime) {
        int policy = (realTime ? Linux.SCHED_RR : Linux.SCHED_OTHER) | Linux.SCHED_RESET_ON_FORK;
        return libc.schedSetscheduler(thread, policy, Layouts.schedParam(arena, realTime ? PRIORITY : 0));
    }

    /** Its thread id; empty where there is none of that name, and then it stays as it is. */
    static OptionalInt virtualMachine() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.filter(thread -> VIRTUAL_MACHINE.equals(nameOf(thread)))
                    .mapToInt(thread -> Integer.parseInt(thread.getFileName().toString()))
                    .findFirst();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            // It has just ended.
            return "";
        }
    }
}
