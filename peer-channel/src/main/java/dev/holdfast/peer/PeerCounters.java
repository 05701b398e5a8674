package dev.holdfast.peer;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often what was refused. Outlives a channel, so that a reload takes nothing back. */
public final class PeerCounters {
    private final Map<PeerRefusal, LongAdder> counts = new EnumMap<>(PeerRefusal.class);

    /** All zero. */
    public PeerCounters() {
        for (PeerRefusal refusal : PeerRefusal.values()) {
            counts.put(refusal, new LongAdder());
        }
    }

    /** Counts one. */
    public void count(PeerRefusal refusal) {
        LongAdder counter = counts.get(refusal);
        if (counter != null) {
            counter.increment();
        }
    }

    /** {@return how often that was} */
    public long of(PeerRefusal refusal) {
        LongAdder counter = counts.get(refusal);
        return counter == null ? 0 : counter.sum();
    }

    /** {@return all counts} */
    public Map<PeerRefusal, Long> all() {
        Map<PeerRefusal, Long> all = new EnumMap<>(PeerRefusal.class);
        counts.forEach((refusal, counter) -> all.put(refusal, counter.sum()));
        return all;
    }
}
