package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of a hand-over.
 *
 * @param instance the instance's name
 * @param outcome how it ended
 * @param state what the instance is now
 * @param successor who is MASTER now; empty unless handed over
 * @param took from the order until the successor was heard, or until it ended otherwise
 */
public record HandOverResult(
        String instance, Outcome outcome, VrrpState state, Optional<IpAddress> successor, Duration took) {
    /** How a hand-over can end. */
    public enum Outcome {
        /** Another host is MASTER, and the addresses are gone from this one. */
        HANDED_OVER,
        /** No other host followed; this one is MASTER as before and never stopped to answer. */
        NOBODY_FOLLOWED,
        /** There was nothing to hand over: the instance was not MASTER. */
        NOT_MASTER,
        /** The addresses are this host's own and can't leave it. */
        OWN_ADDRESSES,
        /** A fault, a stop or a long stall of this host came in between. */
        INTERRUPTED
    }

    static HandOverResult refused(String instance, Outcome outcome, VrrpState state) {
        return new HandOverResult(instance, outcome, state, Optional.empty(), Duration.ZERO);
    }
}
