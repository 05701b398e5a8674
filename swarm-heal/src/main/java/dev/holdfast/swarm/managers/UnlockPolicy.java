package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import java.time.Duration;

/**
 * Decides when a locked engine is given its key. Pure. Nothing else is ever done to such an engine: its state is on disk, encrypted, and
 * a force, an init or a join would give it up.
 */
final class UnlockPolicy {

    /** A key that was tried so often is the wrong one; an operator must look. */
    static final int MAX_TRIES = 3;

    /** After the first try; twice as long after each one more. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private UnlockPolicy() {}

    /**
     * All that the policy may know.
     *
     * @param tries with this key, since the Swarm was last seen open
     * @param lastNanos when the last of them was; meaningless without one
     */
    record Inputs(SwarmSnapshot snapshot, boolean hasKey, int tries, long lastNanos, long nowNanos) {}

    static KeepPlan decide(Inputs in) {
        if (in.snapshot().state() != SwarmState.LOCKED) {
            return new KeepPlan.Nothing(KeepReason.AS_IT_SHOULD_BE, "not locked");
        }
        if (!in.hasKey()) {
            return new KeepPlan.Refuse(KeepRefusal.NO_KEY, "");
        }
        if (in.tries() >= MAX_TRIES) {
            return new KeepPlan.Refuse(KeepRefusal.KEY_REFUSED, "a reload with another key tries anew");
        }
        if (in.tries() > 0) {
            long until = in.lastNanos() + PAUSE.toNanos() * (1L << (in.tries() - 1));
            if (until - in.nowNanos() > 0) {
                return new KeepPlan.Wait(KeepReason.BACKOFF, "tries so far: " + in.tries(), until);
            }
        }
        return new KeepPlan.Act(KeepAction.UNLOCK, "", KeepReason.LOCKED, "", false);
    }

    /** {@return whether this look proves that the key, if one was given, was right} */
    static boolean isOpen(SwarmSnapshot look) {
        return switch (look.state()) {
            case HAS_LEADER, NO_LEADER, WORKER -> true;
            case DOCKER_DOWN, INACTIVE, LOCKED, STARTING, ELECTING, BROKEN -> false;
        };
    }
}
