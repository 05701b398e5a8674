package dev.holdfast.vrrp.fsm;

import dev.holdfast.vrrp.wire.IpAddress;

/**
 * What can happen to a virtual router. Times are not part of an event: they are handed over beside it, in nanoseconds of a
 * clock that never steps back. The engine calls the router's methods directly; events are how tests, recordings and the
 * simulator say the same.
 */
public sealed interface VrrpEvent {
    /** Leave INIT. */
    record Start() implements VrrpEvent {}

    /**
     * A checked advertisement for this virtual router arrived.
     *
     * @param priority 0..255
     * @param source the sender's address
     * @param intervalNanos the advertisement interval it carries
     */
    record AdvertReceived(int priority, IpAddress source, long intervalNanos) implements VrrpEvent {}

    /** The time of {@link VirtualRouter#deadlineNanos()} has come. */
    record TimerExpired() implements VrrpEvent {}

    /**
     * Trackers or an operator changed the effective priority.
     *
     * @param priority 1..255
     */
    record PriorityChanged(int priority) implements VrrpEvent {}

    /**
     * The host can't serve any more.
     *
     * @param reason what failed
     */
    record FaultRaised(TransitionReason reason) implements VrrpEvent {}

    /** Nothing stands in the way any more. */
    record FaultCleared() implements VrrpEvent {}

    /**
     * The configuration changed.
     *
     * @param settings the settings from now on
     */
    record Reconfigured(RouterSettings settings) implements VrrpEvent {}

    /** Leave for good and at once: resign and release. */
    record Stop() implements VrrpEvent {}

    /** Leave for good, with a hand-over. */
    record Leave() implements VrrpEvent {}

    /** An operator wants another router to be MASTER. */
    record HandOver() implements VrrpEvent {}

    /** The successor in a hand-over told the neighbours that it has the addresses. */
    record SuccessorAnnounced() implements VrrpEvent {}

    /** An operator reloaded: priorities count again, after a hand-over. */
    record StandForElection() implements VrrpEvent {}
}
