package dev.holdfast.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting for a condition with a deadline: nothing in the lab waits for a fixed time and hopes. */
public final class Await {
    private static final long FIRST_SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long QUICK_POLL_NANOS = Duration.ofMillis(5).toNanos();
    private static final long PATIENT_POLL_NANOS = Duration.ofMillis(50).toNanos();

    private Await() {}

    /**
     * Polls until the condition holds: each 5 ms for a second, then each 50 ms, since a look often costs a process or a
     * call, and the hosts under test share this machine's processors.
     *
     * @param what completes the sentence "waited in vain for ..."
     * @throws LabException if it does not hold within {@code limit}
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        value(what, limit, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    /**
     * Polls in the same way until the supplier gives something.
     *
     * @throws LabException if it gives nothing within {@code limit}
     */
    public static <T> T value(String what, Duration limit, Supplier<@Nullable T> supplier) {
        long start = System.nanoTime();
        while (true) {
            T value = supplier.get();
            if (value != null) {
                return value;
            }
            long waited = System.nanoTime() - start;
            if (waited > limit.toNanos()) {
                throw new LabException("waited " + limit.toMillis() + " ms in vain for " + what);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new LabException("interrupted while waiting for " + what);
            }
            LockSupport.parkNanos(waited < FIRST_SECOND_NANOS ? QUICK_POLL_NANOS : PATIENT_POLL_NANOS);
        }
    }

    /**
     * Watches for a while that the condition keeps holding.
     *
     * @throws LabException as soon as it does not
     */
    public static void holdsFor(String what, Duration time, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (!condition.getAsBoolean()) {
                throw new LabException("no longer true: " + what);
            }
            LockSupport.parkNanos(PATIENT_POLL_NANOS);
        }
    }
}
