package dev.holdfast.vrrp.engine;

/** How often something is put back at once; more often than that, only now and then. Pure; times in nanoseconds. */
final class RepairLimit {
    /** So many repairs in one window are made at once. */
    static final int AT_ONCE = 5;

    private static final long WINDOW_NANOS = 10_000_000_000L;

    /** Between two repairs after that. */
    static final long PAUSE_NANOS = 1_000_000_000;

    private long windowEnds = Long.MIN_VALUE;
    private int inWindow;
    private long nextAt = Long.MIN_VALUE;

    /** When the next repair may be made; a time in the past: at once. */
    long nextAtNanos() {
        return nextAt;
    }

    /** Whether repairs come so often that they have to wait. */
    boolean isExceeded() {
        return inWindow >= AT_ONCE;
    }

    /** One was made. */
    void repaired(long now) {
        if (now >= windowEnds) {
            windowEnds = now + WINDOW_NANOS;
            inWindow = 0;
        }
        inWindow++;
        nextAt = isExceeded() ? now + PAUSE_NANOS : now;
    }
}
