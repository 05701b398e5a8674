package dev.holdfast.agent.service;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells the service manager that the agent is well, four times as often as its watchdog asks for, and what it is doing,
 * whenever that has changed.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Duration WITHOUT_WATCHDOG = Duration.ofMinutes(1);

    private final ServiceManager manager;
    private final BooleanSupplier well;
    private final Supplier<String> status;
    private final Duration period;
    private final Semaphore changes = new Semaphore(0);
    private String told = "";
    private volatile boolean leaving;
    private volatile boolean closed;

    private Heartbeat(ServiceManager manager, BooleanSupplier well, Supplier<String> status) {
        this.manager = manager;
        this.well = well;
        this.status = status;
        this.period = manager.watchdog().map(limit -> limit.dividedBy(4)).orElse(WITHOUT_WATCHDOG);
    }

    /**
     * Starts it; there is nothing to do where there is no service manager.
     *
     * @param well whether the event loop answers; may take its time
     * @param status one line for people
     */
    public static Heartbeat start(ServiceManager manager, BooleanSupplier well, Supplier<String> status) {
        Heartbeat heartbeat = new Heartbeat(manager, well, status);
        if (manager.isPresent()) {
            // Not a virtual thread: it must run also where all carriers are held up.
            Thread.ofPlatform().daemon().name("heartbeat").start(heartbeat::work);
        }
        return heartbeat;
    }

    /** The status may be another one now; never blocks. */
    public void changed() {
        changes.release();
    }

    /** From now on the loop may end: leaving has a limit of its own, and no watchdog is to cut a hand-over short. */
    public void leaving() {
        manager.stopping();
        leaving = true;
        changes.release();
    }

    @Override
    public void close() {
        closed = true;
        changes.release();
    }

    private void work() {
        long next = System.nanoTime();
        while (!closed) {
            if (System.nanoTime() - next >= 0) {
                next = System.nanoTime() + period.toNanos();
                if (manager.watchdog().isPresent() && (leaving || well.getAsBoolean())) {
                    manager.alive();
                }
            }
            tellStatus();
            try {
                if (changes.tryAcquire(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    changes.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void tellStatus() {
        String now = leaving ? "leaving" : status.get();
        if (!now.equals(told)) {
            told = now;
            manager.status(now);
        }
    }
}
