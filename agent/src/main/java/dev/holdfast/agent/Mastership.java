package dev.holdfast.agent;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** All that healing hears of VRRP: this host is MASTER since then, or it is not. MASTER of any instance counts. */
final class Mastership {
    /** Who wants to hear it. Must return at once. */
    interface Follower {
        /**
         * This host is MASTER.
         *
         * @param nanos since when, on the clock of {@link System#nanoTime()}
         */
        void masterSince(long nanos);

        /** This host is not MASTER. */
        void notMaster();
    }

    private static final Follower NOBODY = new Follower() {
        @Override
        public void masterSince(long nanos) {}

        @Override
        public void notMaster() {}
    };

    private final LongSupplier clock;
    private final Set<String> masters = new HashSet<>();
    private Follower follower = NOBODY;
    private long since;

    /** @param clock {@link System#nanoTime()}, or a test's */
    Mastership(LongSupplier clock) {
        this.clock = clock;
    }

    /** An instance entered a state. */
    synchronized void entered(String instance, VrrpState state) {
        boolean before = !masters.isEmpty();
        if (state == VrrpState.MASTER) {
            masters.add(instance);
        } else {
            masters.remove(instance);
        }
        if (before == masters.isEmpty()) {
            since = clock.getAsLong();
            tell();
        }
    }

    /** Whether this host is MASTER of anything. */
    synchronized boolean isMaster() {
        return !masters.isEmpty();
    }

    /** From now on this one hears it, and at once how things stand. */
    synchronized void follow(Follower next) {
        follower = next;
        tell();
    }

    /** Nobody hears it any more. */
    synchronized void unfollow() {
        follower = NOBODY;
    }

    private void tell() {
        if (masters.isEmpty()) {
            follower.notMaster();
        } else {
            follower.masterSince(since);
        }
    }
}
