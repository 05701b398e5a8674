package dev.holdfast.vrrp.wire;

/** The protocol's versions in use: 2 (RFC 3768, IPv4 alone) and 3 (RFC 9568, both families). */
public enum VrrpVersion {
    V2(2, 1_000_000_000L, 255),
    V3(3, 10_000_000L, 4095);

    private final int number;
    private final long intervalUnitNanos;
    private final int maxIntervalUnits;

    VrrpVersion(int number, long intervalUnitNanos, int maxIntervalUnits) {
        this.number = number;
        this.intervalUnitNanos = intervalUnitNanos;
        this.maxIntervalUnits = maxIntervalUnits;
    }

    /** The number in the upper four bits of an advertisement's first byte. */
    public int number() {
        return number;
    }

    /** What one unit of the interval field means: a second in version 2, a centisecond in version 3. */
    public long intervalUnitNanos() {
        return intervalUnitNanos;
    }

    /** The longest advertisement interval that fits the field: 255 s in version 2, 40.95 s in version 3. */
    public long maxIntervalNanos() {
        return maxIntervalUnits * intervalUnitNanos;
    }

    /** Whether an advertisement of this version can say this interval: 1 up to the maximum of whole units. */
    public boolean canSayInterval(long nanos) {
        return nanos >= intervalUnitNanos && nanos <= maxIntervalNanos() && nanos % intervalUnitNanos == 0;
    }

    /** @throws IllegalArgumentException unless {@link #canSayInterval} */
    void requireInterval(long nanos) {
        if (!canSayInterval(nanos)) {
            throw new IllegalArgumentException(
                    switch (this) {
                        case V2 -> "version 2 advertises every 1..255 whole seconds, not every " + nanos + " ns";
                        case V3 ->
                            "version 3 advertises every 10..40950 ms in steps of 10 ms, not every " + nanos + " ns";
                    });
        }
    }
}
