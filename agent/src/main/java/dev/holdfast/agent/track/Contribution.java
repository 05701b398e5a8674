package dev.holdfast.agent.track;

import dev.holdfast.agent.config.Tracked;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.vrrp.policy.RiseFall;
import dev.holdfast.vrrp.policy.TrackerState;

/**
 * What something tracked makes of one instance now.
 *
 * @param tracker what is known of it
 * @param weight as the instance tracks it, -254..254; 0: it does not weigh, a failure is a fault
 * @param points what it adds to the priority now, -254..254, before the sum is cut to 1..254
 * @param fault whether it alone keeps the instance in FAULT
 */
public record Contribution(TrackerStatus tracker, int weight, int points, boolean fault) {
    /** Of a tracker as the instance refers to it; nothing before the first result. */
    static Contribution of(Tracked tracked, TrackerStatus tracker) {
        if (tracker.state() == RiseFall.State.UNKNOWN) {
            return new Contribution(tracker, tracked.weight(), 0, false);
        }
        TrackerState state = state(tracked, tracker);
        return new Contribution(tracker, tracked.weight(), state.contribution(), state.isFault());
    }

    /** How the protocol sees it. */
    static TrackerState state(Tracked tracked, TrackerStatus tracker) {
        String name = tracker.kind().label() + " " + tracked.name();
        return tracker.kind() == TrackerKind.FILE
                ? FileWeight.state(name, tracked, tracker.value())
                : new TrackerState(name, tracked.weight(), tracked.reverse(), tracker.state() == RiseFall.State.UP);
    }
}
