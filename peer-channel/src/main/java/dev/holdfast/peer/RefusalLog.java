package dev.holdfast.peer;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts every refusal, and logs each kind once a minute at most: who is refused can't fill the disk. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);
    private static final long PAUSE_NANOS = 60_000_000_000L;

    private final PeerCounters counters;
    private final Map<PeerRefusal, Long> lastNanos = new EnumMap<>(PeerRefusal.class);

    RefusalLog(PeerCounters counters) {
        this.counters = counters;
    }

    /** @param who an address, or an address and a name */
    void refused(PeerRefusal refusal, String who, String detail) {
        counters.count(refusal);
        synchronized (lastNanos) {
            long now = System.nanoTime();
            Long last = lastNanos.get(refusal);
            if (last != null && now - last < PAUSE_NANOS) {
                return;
            }
            lastNanos.put(refusal, now);
        }
        LOG.warn(
                "Peers: refused {}: {}{} [{}]",
                who,
                refusal.text(),
                detail.isEmpty() ? "" : ": " + detail,
                refusal.label());
    }
}
