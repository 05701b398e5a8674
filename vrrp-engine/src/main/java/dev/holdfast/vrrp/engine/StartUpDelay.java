package dev.holdfast.vrrp.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The time after the start in which all instances only listen. For the event loop alone. */
final class StartUpDelay extends DeadlineQueue.Entry {
    private final DeadlineQueue deadlines;
    private final Runnable begin;
    private long firstNanos;
    private long beginAtNanos;
    private boolean known;
    private boolean over;

    /** @param begin run when it is over, if anybody had to wait */
    StartUpDelay(DeadlineQueue deadlines, Runnable begin) {
        this.deadlines = deadlines;
        this.begin = begin;
    }

    /**
     * The configuration says how long it is, counted from the first call; a reload may change it while it lasts.
     *
     * @return whether it is over
     */
    boolean set(Duration delay, long now) {
        boolean waiting = known && !over;
        if (!known) {
            known = true;
            firstNanos = now;
        }
        if (!over) {
            beginAtNanos = firstNanos + delay.toNanos();
            deadlines.update(this);
            over = beginAtNanos <= now;
        }
        if (waiting && over) {
            begin.run();
        }
        return over;
    }

    /** When it ends, while it lasts. */
    Optional<Instant> endsAt(long now) {
        return known && !over ? Optional.of(Instant.now().plusNanos(beginAtNanos - now)) : Optional.empty();
    }

    @Override
    long deadlineNanos() {
        return known && !over ? beginAtNanos : Long.MAX_VALUE;
    }

    @Override
    void expire(long now) {
        over = true;
        begin.run();
    }
}
