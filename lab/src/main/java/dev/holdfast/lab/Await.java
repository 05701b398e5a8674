package dev.holdfast.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waiting for a condition with a deadline: nothing in the lab waits for a fixed time and hopes. */
public final class Await {
    private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

    private Await() {}

    /**
     * Polls every 5 ms until the condition holds.
     *
     * @param what completes the sentence "waited in vain for ..."
     * @throws LabException if it does not hold within {@code limit}
     */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        value(what, limit, () -> condition.getAsBoolean() ? Boolean.TRUE : null);
    }

    /**
     * Polls every 5 ms until the supplier gives something.
     *
     * @throws LabException if it gives nothing within {@code limit}
     */
    public static <T> T value(String what, Duration limit, Supplier<@Nullable T> supplier) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            T value = supplier.get();
            if (value != null) {
                return value;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new LabException("waited " + limit.toMillis() + " ms in vain for " + what);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new LabException("interrupted while waiting for " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
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
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
