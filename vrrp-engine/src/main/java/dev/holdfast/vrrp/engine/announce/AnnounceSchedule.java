package dev.holdfast.vrrp.engine.announce;

/**
 * When to announce: a burst that begins at once, a second one some time later, and a refresh whenever nothing has been said
 * for long. Pure; times in nanoseconds.
 */
public final class AnnounceSchedule {
    /** What is due. */
    public enum Due {
        NOTHING,
        /** A burst begins: the neighbours don't know yet. */
        NEWS,
        /** What a burst has said before is said again. */
        REPETITION,
        /** Nobody asked for it, but caches may have gone wrong meanwhile. */
        REFRESH
    }

    private static final long NEVER = Long.MAX_VALUE;

    private Announcements how;
    private boolean begun;

    /** What is left of the running burst, and when the next of it is due. */
    private int left;

    private long nextNanos;
    private Due next = Due.NOTHING;

    private long secondNanos = NEVER;
    private int secondRepeat;
    private long lastNanos;

    public AnnounceSchedule(Announcements how) {
        this.how = how;
    }

    /** Other settings; a burst that runs ends by the old ones. */
    public void configure(Announcements changed) {
        how = changed;
    }

    /** The addresses have come here: the first announcement is due now. */
    public void start(long now) {
        begin(now, how.repeat());
        secondRepeat = how.repeat();
        secondNanos = how.delay().isZero() ? NEVER : now + how.delay().toNanos();
    }

    /**
     * Somebody else has claimed the addresses meanwhile. What was said last may have been before that, so all begins anew,
     * but never closer to the last one than the spacing: a rival's adverts may come 100 times a second.
     */
    public void again(long now) {
        if (!begun) {
            start(now);
        } else if (how.lowerPriorityRepeat() > 0) {
            long at = Math.max(now, lastNanos + how.spacing().toNanos());
            begin(at, Math.max(left, how.lowerPriorityRepeat()));
            if (!how.lowerPriorityDelay().isZero()) {
                secondRepeat = Math.max(secondNanos == NEVER ? 0 : secondRepeat, how.lowerPriorityRepeat());
                secondNanos = at + how.lowerPriorityDelay().toNanos();
            }
        }
    }

    private void begin(long at, int repeat) {
        begun = true;
        left = repeat;
        nextNanos = at;
        next = Due.NEWS;
    }

    /** Nothing is due any more. */
    public void cancel() {
        begun = false;
        left = 0;
        secondNanos = NEVER;
    }

    /** When {@link #take} will next have something; {@link Long#MAX_VALUE}: never. */
    public long deadlineNanos() {
        return Math.min(left > 0 ? nextNanos : NEVER, Math.min(secondNanos, refreshNanos()));
    }

    /** A burst that is still to come is as good as a refresh. */
    private long refreshNanos() {
        return !begun || left > 0 || how.refresh().isZero()
                ? NEVER
                : lastNanos + how.refresh().toNanos();
    }

    /** What is due; each is given once. Late ones are not made up for in a heap. */
    public Due take(long now) {
        if (deadlineNanos() == NEVER || now - deadlineNanos() < 0) {
            return Due.NOTHING;
        }
        if (left == 0 || now - nextNanos < 0) {
            boolean second = secondNanos != NEVER && now - secondNanos >= 0;
            left = second ? secondRepeat : how.refreshRepeat();
            nextNanos = second ? secondNanos : now;
            next = second ? Due.REPETITION : Due.REFRESH;
            secondNanos = second ? NEVER : secondNanos;
        }
        Due due = next;
        next = due == Due.NEWS ? Due.REPETITION : due;
        lastNanos = now;
        long spacing = how.spacing().toNanos();
        do {
            left--;
            nextNanos += spacing;
        } while (spacing > 0 && left > 0 && now - nextNanos >= 0);
        return due;
    }
}
