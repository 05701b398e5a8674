package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import java.lang.foreign.Arena;
import java.util.Optional;

/** How the kernel schedules the calling thread. */
final class ThreadScheduling {
    /**
     * The lowest real-time priority: before everything that is not real-time, after everything that is, the kernel's own
     * threads among it. A loop of ours that went wrong is held back by the kernel's limit (sched_rt_runtime_us).
     */
    private static final int PRIORITY = 1;

    private ThreadScheduling() {}

    /**
     * Makes the calling thread a real-time thread (SCHED_RR), or an ordinary one. What it starts is ordinary in any case.
     *
     * @return why the kernel refused, in words; empty if it did not
     */
    static Optional<String> set(boolean realTime) {
        int policy = (realTime ? Linux.SCHED_RR : Linux.SCHED_OTHER) | Linux.SCHED_RESET_ON_FORK;
        try (Arena arena = Arena.ofConfined()) {
            int result =
                    new Libc(arena).schedSetscheduler(0, policy, Layouts.schedParam(arena, realTime ? PRIORITY : 0));
            if (result == 0) {
                return Optional.empty();
            }
            String reason = Errno.EPERM.is(result) ? "CAP_SYS_NICE is missing" : Errno.describe(result);
            return Optional.of("the event loop can't be scheduled " + (realTime ? "in real time" : "ordinarily") + ": "
                    + reason + "; on a busy host its adverts may come late");
        }
    }
}
