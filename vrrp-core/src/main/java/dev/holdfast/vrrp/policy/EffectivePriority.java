package dev.holdfast.vrrp.policy;

import java.util.Collection;
import java.util.List;

/**
 * What an instance's trackers make of it.
 *
 * @param priority 1..255, what its adverts carry
 * @param faults what keeps it in FAULT, in words, such as a tracker's name; empty: it takes part
 */
public record EffectivePriority(int priority, List<String> faults) {
    private static final int OWNER = 255;
    private static final int LOWEST = 1;
    private static final int HIGHEST_OF_OTHERS = 254;

    /** @throws IllegalArgumentException if the priority is not within 1..255 */
    public EffectivePriority {
        if (priority < LOWEST || priority > OWNER) {
            throw new IllegalArgumentException("priority must be 1..255, not " + priority);
        }
        faults = List.copyOf(faults);
    }

    /**
     * Adds up the weights, as keepalived does: the sum is cut to 1..254, because 0 means resigning and 255 owning. The
     * owner's 255 never changes; a tracker without a weight is a fault for it too.
     *
     * @param base the configured priority, 1..255
     * @param trackers all trackers of the instance
     */
    public static EffectivePriority of(int base, Collection<TrackerState> trackers) {
        List<String> faults = trackers.stream()
                .filter(TrackerState::isFault)
                .map(TrackerState::name)
                .toList();
        if (base == OWNER) {
            return new EffectivePriority(OWNER, faults);
        }
        int sum = base + trackers.stream().mapToInt(TrackerState::contribution).sum();
        return new EffectivePriority(Math.clamp(sum, LOWEST, HIGHEST_OF_OTHERS), faults);
    }

    /** Whether a tracker keeps the instance in FAULT. */
    public boolean isFault() {
        return !faults.isEmpty();
    }
}
