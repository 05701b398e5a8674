package dev.holdfast.vrrp.fsm;

import dev.holdfast.vrrp.wire.VrrpVersion;

/**
 * The intervals of RFC 9568 section 6.1 and RFC 3768 section 6.1, in whole nanoseconds. Rounded to less, neighbouring
 * priorities would fall due together at short intervals, and the skew could no longer keep them apart.
 */
public final class TimerMath {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private TimerMath() {}

    /**
     * Skew_Time: how much longer than the others a router of this priority waits. Version 2: (256 - priority) / 256 s.
     * Version 3: (256 - priority) / 256 of the interval.
     *
     * @param priority 1..255
     * @param intervalNanos the MASTER's advertisement interval; no matter in version 2
     */
    public static long skewNanos(VrrpVersion version, int priority, long intervalNanos) {
        long unit = switch (version) {
            case V2 -> SECOND_NANOS;
            case V3 -> intervalNanos;
        };
        return (256 - priority) * unit / 256;
    }

    /**
     * Master_Down_Interval (version 3 says Active_Down_Interval): how long a BACKUP waits for the MASTER to be heard,
     * three intervals and the skew.
     *
     * @param priority 1..255
     * @param intervalNanos the MASTER's advertisement interval
     */
    public static long masterDownNanos(VrrpVersion version, int priority, long intervalNanos) {
        return 3 * intervalNanos + skewNanos(version, priority, intervalNanos);
    }
}
