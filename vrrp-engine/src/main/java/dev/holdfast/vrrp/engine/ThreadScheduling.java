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
 * garbage, and a collection of some milliseconds took up to 290 on a busy host where it had to wait for a CPU itself.
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
     * Makes the calling thread a real-time thread (SCHED_RR), or an ordinary one. What it starts is ordinary in any case.
     *
     * @return why the kernel refused, in words; empty if it did not
     */
    static Optional<String> set(boolean realTime) {
        return set(CALLING_THREAD, "the event loop", realTime);
    }

    /** The same for the virtual machine's own thread. Reads files, so on no event loop. */
    static Optional<String> setVirtualMachine(boolean realTime) {
        OptionalInt thread = virtualMachine();
        return thread.isPresent() ? set(thread.getAsInt(), "the garbage collector", realTime) : Optional.empty();
    }

    private static Optional<String> set(int thread, String name, boolean realTime) {
        int policy = (realTime ? Linux.SCHED_RR : Linux.SCHED_OTHER) | Linux.SCHED_RESET_ON_FORK;
        try (Arena arena = Arena.ofConfined()) {
            int result = new Libc(arena)
                    .schedSetscheduler(thread, policy, Layouts.schedParam(arena, realTime ? PRIORITY : 0));
            if (result == 0) {
                return Optional.empty();
            }
            String reason = Errno.EPERM.is(result) ? "CAP_SYS_NICE is missing" : Errno.describe(result);
            return Optional.of(name + " can't be scheduled " + (realTime ? "in real time" : "ordinarily") + ": "
                    + reason + "; on a busy host adverts may come late");
        }
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
