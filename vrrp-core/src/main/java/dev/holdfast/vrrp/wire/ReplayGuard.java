package dev.holdfast.vrrp.wire;

/**
 * The last sequence of each sender. Asked only after an HMAC has held, so that nobody without a key can fill it; when it is
 * full, the sender that has been silent for longest is forgotten. Does not allocate.
 */
final class ReplayGuard {
    /** More routers than a virtual router ever has. */
    static final int SENDERS = 32;

    private final long[] high = new long[SENDERS];
    private final long[] low = new long[SENDERS];
    private final long[] last = new long[SENDERS];
    /** When a slot was used last, counted in uses; 0: it is empty. */
    private final long[] used = new long[SENDERS];

    private long uses;

    /**
     * Whether a sender has come further than before; if so, remembers it.
     *
     * @param windowSeconds a sequence remembered that is further away than this from now does not count, because the window
     *     refuses it anyhow, and a sender whose clock was wrong must be heard again; {@link HmacSettings#MONOTONIC}: each
     *     counts for ever
     */
    boolean advances(long senderHigh, long senderLow, long sequence, int windowSeconds, long utcSeconds) {
        int slot = 0;
        for (int i = 0; i < SENDERS; i++) {
            if (used[i] != 0 && high[i] == senderHigh && low[i] == senderLow) {
                slot = i;
                break;
            }
            if (used[i] < used[slot]) {
                slot = i;
            }
        }
        boolean known = used[slot] != 0 && high[slot] == senderHigh && low[slot] == senderLow;
        if (known && !HmacTrailer.isAfter(sequence, last[slot]) && counts(last[slot], windowSeconds, utcSeconds)) {
            return false;
        }
        high[slot] = senderHigh;
        low[slot] = senderLow;
        last[slot] = sequence;
        used[slot] = ++uses;
        return true;
    }

    private static boolean counts(long remembered, int windowSeconds, long utcSeconds) {
        return windowSeconds == HmacSettings.MONOTONIC
                || Math.abs((long) HmacTrailer.ageSeconds(remembered, utcSeconds)) <= windowSeconds;
    }
}
