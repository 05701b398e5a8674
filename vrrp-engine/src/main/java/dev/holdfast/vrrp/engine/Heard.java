package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.Locale;
import java.util.Optional;

/** The advertisement that an instance heard last. Remembering one allocates nothing. */
final class Heard {
    private final IpFamily family;
    private boolean anybody;
    private long atNanos;
    private long high;
    private long low;
    private int priority;
    private long count;
    private long resignations;

    Heard(IpFamily family) {
        this.family = family;
    }

    void remember(long at, long sourceHigh, long sourceLow, int advertised) {
        anybody = true;
        atNanos = at;
        high = sourceHigh;
        low = sourceLow;
        priority = advertised;
        count++;
        if (advertised == 0) {
            resignations++;
        }
    }

    /** Whether that address sent the last one. */
    boolean isFrom(long sourceHigh, long sourceLow) {
        return anybody && high == sourceHigh && low == sourceLow;
    }

    /** How many so far. */
    long count() {
        return count;
    }

    /** How many of them were of priority 0. */
    long resignations() {
        return resignations;
    }

    /** The priority in it; 0 before the first. */
    int priority() {
        return priority;
    }

    /** Who sent it. */
    IpAddress from() {
        return new IpAddress(family, high, low);
    }

    /** Who sent it, if there was one. */
    Optional<IpAddress> sender() {
        return anybody ? Optional.of(from()) : Optional.empty();
    }

    /** What it has to do with a transition, in words; empty where it has nothing to do with it. */
    String detail(TransitionReason why, long now) {
        return switch (why) {
            case HIGHER_PRIORITY, HIGHER_ADDRESS, PREEMPTED_LOWER_PRIORITY -> from() + " has priority " + priority;
            case HANDED_OVER -> from() + " took over with priority " + priority;
            case MASTER_RESIGNED -> from() + " resigned";
            case MASTER_DOWN ->
                anybody
                        ? String.format(Locale.ROOT, "%s was last heard %.2f s ago", from(), (now - atNanos) / 1e9)
                        : "nobody was heard";
            default -> "";
        };
    }
}
