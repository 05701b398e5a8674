package dev.holdfast.vrrp.engine.announce;

/**
 * How many frames may still go out, so that no second sees more than a limit: half of it may go at once, and comes back
 * evenly within a second. Pure; times in nanoseconds.
 */
public final class FrameBudget {
    /** The smallest limit: one gratuitous ARP is two frames, and half of the limit goes at once. */
    public static final int MIN_PER_SECOND = 10;

    public static final int MAX_PER_SECOND = 100_000;

    /** Enough for 250 IPv4 addresses at the same moment; little beside what switches let pass. */
    public static final int DEFAULT_PER_SECOND = 1000;

    /** A gratuitous ARP: a request and a reply. */
    public static final int MOST_AT_ONCE = 2;

    private static final long SECOND = 1_000_000_000;

    private long frameNanos;

    /** When everything that was sent will have come back. */
    private long spentUntilNanos = Long.MIN_VALUE / 2;

    /** @throws IllegalArgumentException if the limit is not {@link #MIN_PER_SECOND}..{@link #MAX_PER_SECOND} */
    public FrameBudget(int perSecond) {
        limit(perSecond);
    }

    /**
     * Another limit from now on.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public void limit(int perSecond) {
        if (perSecond < MIN_PER_SECOND || perSecond > MAX_PER_SECOND) {
            throw new IllegalArgumentException("announcements per second must be " + MIN_PER_SECOND + ".."
                    + MAX_PER_SECOND + ", not " + perSecond);
        }
        frameNanos = 2 * SECOND / perSecond;
    }

    /** From when on {@link #MOST_AT_ONCE} frames may go. */
    public long readyNanos() {
        return spentUntilNanos + MOST_AT_ONCE * frameNanos - SECOND;
    }

    /** Frames went out. */
    public void spend(long now, int frames) {
        spentUntilNanos = Math.max(spentUntilNanos, now) + frames * frameNanos;
    }
}
