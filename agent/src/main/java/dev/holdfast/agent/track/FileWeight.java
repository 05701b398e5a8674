package dev.holdfast.agent.track;

import dev.holdfast.agent.config.Tracked;
import dev.holdfast.vrrp.policy.TrackerState;

/** What the number in a file means for an instance, by keepalived.conf(5), "Track files". */
final class FileWeight {
    /** A product of this or less is a fault. */
    private static final int FAULT = -TrackerState.MAX_WEIGHT;

    private FileWeight() {}

    /** With weight 0 every number but 0 is a fault (reverse: 0 alone); or else the product counts. */
    static TrackerState state(String name, Tracked tracked, int value) {
        if (tracked.weight() == 0) {
            return new TrackerState(name, 0, tracked.reverse(), value == 0);
        }
        long product = (long) value * tracked.weight() * (tracked.reverse() ? -1 : 1);
        int cut = Math.clamp(product, FAULT, -FAULT - 1);
        // A weight counts while up if positive, while down if negative; a weight of 0 is a fault while down.
        return cut == FAULT ? new TrackerState(name, 0, false, false) : new TrackerState(name, cut, false, cut >= 0);
    }
}
