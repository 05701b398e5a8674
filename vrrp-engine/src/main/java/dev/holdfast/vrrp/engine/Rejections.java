package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.RejectReason;
import java.util.EnumMap;
import java.util.Map;

/** Counts refused datagrams exactly, and tells of them sparingly: who is flooded with packets must not drown in lines. */
final class Rejections {
    /** Between two lines about the same reason. */
    static final long QUIET_NANOS = 30_000_000_000L;

    private static final class Counter {
        private long count;
        private long quietUntil = Long.MIN_VALUE;
    }

    /** One for each reason from the start, so that counting does not allocate. */
    private final Map<RejectReason, Counter> counters = new EnumMap<>(RejectReason.class);

    Rejections() {
        for (RejectReason reason : RejectReason.values()) {
            counters.put(reason, new Counter());
        }
    }

    /**
     * Counts one.
     *
     * @return whether it should be told
     */
    boolean count(RejectReason reason, long now) {
        Counter counter = counters.get(reason);
        if (counter == null) {
            throw new IllegalArgumentException("no counter for " + reason);
        }
        counter.count++;
        if (now < counter.quietUntil) {
            return false;
        }
        counter.quietUntil = now + QUIET_NANOS;
        return true;
    }

    /** How often each reason was seen; without those that never were. */
    Map<RejectReason, Long> counts() {
        Map<RejectReason, Long> seen = new EnumMap<>(RejectReason.class);
        counters.forEach((reason, counter) -> {
            if (counter.count > 0) {
                seen.put(reason, counter.count);
            }
        });
        return seen;
    }
}
