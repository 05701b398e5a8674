package dev.holdfast.vrrp.engine.announce;

/**
 * When to announce: a burst whose first frames go out at once, and a second burst some seconds later for those who were
 * deaf at that moment (a switch port that was still learning, a host that booted). Pure; times in nanoseconds.
 */
public final class AnnounceSchedule {
    /** How often each burst says it. */
    public static final int REPEAT = 5;

    /** Between two of a burst, so that one hiccup doesn't swallow them all. */
    public static final long SPACING_NANOS = 100_000_000;

    /** From the first burst to the second, as keepalived's garp_master_delay. */
    public static final long REFRESH_NANOS = 5_000_000_000L;

    private static final int DONE = 2 * REPEAT;

    private long startNanos;
    private int next = DONE;

    /** Starts over: the first announcement is due now. */
    public void start(long now) {
        startNanos = now;
        next = 0;
    }

    /** Nothing is due any more. */
    public void cancel() {
        next = DONE;
    }

    /** When {@link #take} will next say yes; {@link Long#MAX_VALUE}: never. */
    public long deadlineNanos() {
        if (next == DONE) {
            return Long.MAX_VALUE;
        }
        return startNanos + next / REPEAT * REFRESH_NANOS + next % REPEAT * SPACING_NANOS;
    }

    /** Whether an announcement is due; a yes is given once. Late ones are not made up for in a heap. */
    public boolean take(long now) {
        if (now - deadlineNanos() < 0) {
            return false;
        }
        do {
            next++;
        } while (next < DONE && next % REPEAT != 0 && now - deadlineNanos() >= 0);
        return true;
    }
}
