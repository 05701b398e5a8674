package dev.holdfast.vrrp.wire;

import java.util.List;

/**
 * How an instance authenticates its advertisements.
 *
 * @param keys all keys that adverts may be signed with, each id once, at least one; several while keys are rotated
 * @param activeKeyId the id of the key to sign with
 * @param mode what is sent and what is demanded
 * @param windowSeconds 1..300: how far the time in a trailer may be from ours (keepalived's anti-replay mode {@code time});
 *     or {@link #MONOTONIC}: the clocks need not agree, a sender's sequence must grow (mode {@code monotonic})
 */
public record HmacSettings(List<HmacKey> keys, int activeKeyId, HmacMode mode, int windowSeconds) {
    /** No window. */
    public static final int MONOTONIC = 0;

    /** The longest window. */
    public static final int MAX_WINDOW_SECONDS = 300;

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** @throws IllegalArgumentException if a value is outside the ranges above; the message says which are accepted */
    public HmacSettings {
        keys = List.copyOf(keys);
        if (keys.stream().map(HmacKey::id).distinct().count() != keys.size()) {
            throw new IllegalArgumentException("each HMAC key needs an id of its own, not "
                    + keys.stream().map(HmacKey::id).toList());
        }
        if (keys.stream().noneMatch(key -> key.id() == activeKeyId)) {
            throw new IllegalArgumentException("the active HMAC key must be one of "
                    + keys.stream().map(HmacKey::id).toList() + ", not " + activeKeyId);
        }
        if (windowSeconds != MONOTONIC && (windowSeconds < 1 || windowSeconds > MAX_WINDOW_SECONDS)) {
            throw new IllegalArgumentException("the HMAC time window must be 1..300 s, not " + windowSeconds + " s");
        }
    }

    /** The window where none is configured: three intervals, but at least 5 s and at most the longest one. */
    public static int defaultWindowSeconds(long advertIntervalNanos) {
        long threeIntervals = (3 * advertIntervalNanos + SECOND_NANOS - 1) / SECOND_NANOS;
        return Math.clamp(threeIntervals, 5, MAX_WINDOW_SECONDS);
    }

    /** Whether adverts of this router carry a trailer. */
    public boolean signs() {
        return mode != HmacMode.RECEIVE_ONLY;
    }

    boolean checksTime() {
        return windowSeconds != MONOTONIC;
    }
}
