package dev.holdfast.vrrp.fsm;

import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;

/**
 * What a virtual router needs to know (RFC 9568 section 6.1).
 *
 * @param version the protocol's version; IPv6 implies 3
 * @param source the address that its advertisements come from, which settles equal priorities
 * @param priority 1..255; 255 is the owner of the addresses
 * @param advertIntervalNanos version 2: whole seconds, 1..255; version 3: 10 ms..40.95 s in steps of 10 ms
 * @param preempt whether a higher priority takes the role from a living MASTER; see {@link #preempts(int)}
 * @param preemptDelayNanos how long to leave the role with a living MASTER before that, 0..1000 s
 * @param initialState BACKUP or MASTER. Every router but an owner starts by listening for Master_Down_Interval, also with
 *     MASTER: so does keepalived, and a host that comes back must not take the role before it has heard who has it. MASTER
 *     only says that this is the preferred holder: {@code preempt = false} and the delay don't apply to it, as in keepalived
 * @param lowerPriorityNoAdvert keepalived's {@code lower_prio_no_advert}: as MASTER don't answer an advert that loses
 *     against this router with one of its own; the rival hears the next one that is due. The addresses are announced again
 *     all the same. False is what RFC 9568 section 6.4.3 asks for
 * @param higherPrioritySendAdvert keepalived's {@code higher_prio_send_advert}: as MASTER answer an advert that wins with a
 *     last one before becoming BACKUP. It makes the other MASTER announce its addresses anew, so that the neighbours don't
 *     go on with what this router announced last. False is the RFC, and keepalived's default
 * @param phaseNanos when a MASTER advertises: at this time of the callers' clock and whole intervals before and after it. Any
 *     number. Routers of one host that have the same share a wake-up of the host
 */
public record RouterSettings(
        VrrpVersion version,
        IpAddress source,
        int priority,
        long advertIntervalNanos,
        boolean preempt,
        long preemptDelayNanos,
        VrrpState initialState,
        boolean lowerPriorityNoAdvert,
        boolean higherPrioritySendAdvert,
        long phaseNanos) {

    /** The longest {@link #preemptDelayNanos}: 1000 s. */
    public static final long MAX_PREEMPT_DELAY_NANOS = 1_000_000_000_000L;

    /** The priority of the router that owns the addresses (RFC 9568 section 5.2.4). */
    public static final int OWNER_PRIORITY = 255;

    /** @throws IllegalArgumentException if a value is outside the ranges above; the message says which are accepted */
    public RouterSettings {
        requirePriority(priority);
        if (version == VrrpVersion.V2 && source.family() == IpFamily.IPV6) {
            throw new IllegalArgumentException("IPv6 needs version 3");
        }
        if (!version.canSayInterval(advertIntervalNanos)) {
            throw new IllegalArgumentException(
                    "version " + version.number() + " cannot advertise every " + advertIntervalNanos
                            + " ns: whole multiples of " + version.intervalUnitNanos() + " ns up to "
                            + version.maxIntervalNanos() + " ns are accepted");
        }
        if (preemptDelayNanos < 0 || preemptDelayNanos > MAX_PREEMPT_DELAY_NANOS) {
            throw new IllegalArgumentException("preempt delay must be 0..1000 s, not " + preemptDelayNanos + " ns");
        }
        if (initialState != VrrpState.BACKUP && initialState != VrrpState.MASTER) {
            throw new IllegalArgumentException("initial state must be BACKUP or MASTER, not " + initialState);
        }
    }

    /** The usual answers to other MASTERs: each one is answered, a better one for the last time. No phase. */
    public RouterSettings(
            VrrpVersion version,
            IpAddress source,
            int priority,
            long advertIntervalNanos,
            boolean preempt,
            long preemptDelayNanos,
            VrrpState initialState) {
        this(version, source, priority, advertIntervalNanos, preempt, preemptDelayNanos, initialState, false, true, 0);
    }

    /**
     * Whether the role is taken from a living MASTER of lower priority: with {@link #preempt}, as the preferred holder
     * (initial state MASTER), and always as the owner (RFC 9568 section 6.1, Preempt_Mode).
     *
     * @param effectivePriority 1..255, after trackers
     */
    public boolean preempts(int effectivePriority) {
        return preempt || initialState == VrrpState.MASTER || effectivePriority == OWNER_PRIORITY;
    }

    /** The delay that applies: none for the preferred holder and for the owner. */
    long preemptDelayNanos(int effectivePriority) {
        return initialState == VrrpState.MASTER || effectivePriority == OWNER_PRIORITY ? 0 : preemptDelayNanos;
    }

    static void requirePriority(int priority) {
        if (priority < 1 || priority > OWNER_PRIORITY) {
            throw new IllegalArgumentException("priority must be 1..255, not " + priority);
        }
    }
}
