package dev.holdfast.vrrp.engine.announce;

import java.time.Duration;

/**
 * How an instance announces its addresses while it is MASTER: by gratuitous ARP and by unsolicited neighbour
 * advertisements. A burst says each address {@code repeat} times.
 *
 * @param repeat how often a burst says it after the role was taken, 1..1000; keepalived's {@code garp_master_repeat}
 * @param delay from that burst to a second one, for those who were deaf at that moment (a switch port that was still
 *     learning, a host that booted); 0: no second one; {@code garp_master_delay}
 * @param spacing between two of a burst, so that one hiccup doesn't swallow them all; 0: in a heap, as in keepalived
 * @param lowerPriorityRepeat the same as {@code repeat} after the advert of another MASTER that loses against this one,
 *     0..1000; 0: not at all; {@code garp_lower_prio_repeat}
 * @param lowerPriorityDelay from that burst to a second one; {@code garp_lower_prio_delay}
 * @param refresh how long after the last announcement they are announced again; 0: not at all;
 *     {@code garp_master_refresh}
 * @param refreshRepeat how often that says it, 1..1000; {@code garp_master_refresh_repeat}
 * @param arpInterval the least time between two gratuitous ARPs on one interface; {@code vrrp_garp_interval}
 * @param naInterval the least time between two neighbour advertisements on one interface; {@code vrrp_gna_interval}
 */
public record Announcements(
        int repeat,
        Duration delay,
        Duration spacing,
        int lowerPriorityRepeat,
        Duration lowerPriorityDelay,
        Duration refresh,
        int refreshRepeat,
        Duration arpInterval,
        Duration naInterval) {
    /** The largest number of repetitions. */
    public static final int MAX_REPEAT = 1000;

    /** The longest of {@link #delay}, {@link #lowerPriorityDelay} and {@link #refresh}. */
    public static final Duration MAX_DELAY = Duration.ofDays(1);

    /** The longest of {@link #spacing}, {@link #arpInterval} and {@link #naInterval}. */
    public static final Duration MAX_INTERVAL = Duration.ofSeconds(10);

    /**
     * keepalived's, with two differences that harm nobody. A burst is spread over half a second instead of sent in a heap.
     * And there is a refresh: when a cut network is mended, a better MASTER that the worse one hears first never learns
     * that there was another one, and what the worse one announced on its side would stay in the neighbours' caches.
     */
    public static final Announcements DEFAULT = new Announcements(
            5,
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            5,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            1,
            Duration.ZERO,
            Duration.ZERO);

    /** @throws IllegalArgumentException if a value is outside of its range; the message says which are accepted */
    public Announcements {
        requireRepeat("repeat", repeat, 1);
        requireRepeat("lower-priority repeat", lowerPriorityRepeat, 0);
        requireRepeat("refresh repeat", refreshRepeat, 1);
        requireTime("delay", delay, MAX_DELAY);
        requireTime("lower-priority delay", lowerPriorityDelay, MAX_DELAY);
        requireTime("refresh", refresh, MAX_DELAY);
        requireTime("spacing", spacing, MAX_INTERVAL);
        requireTime("ARP interval", arpInterval, MAX_INTERVAL);
        requireTime("NA interval", naInterval, MAX_INTERVAL);
    }

    private static void requireRepeat(String what, int value, int least) {
        if (value < least || value > MAX_REPEAT) {
            throw new IllegalArgumentException(
                    "the announcements' " + what + " must be " + least + ".." + MAX_REPEAT + ", not " + value);
        }
    }

    private static void requireTime(String what, Duration value, Duration most) {
        if (value.isNegative() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "the announcements' " + what + " must be 0.." + most.toSeconds() + " s, not " + value);
        }
    }
}
