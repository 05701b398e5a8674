package dev.holdfast.vrrp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimerMathTest {
    @ParameterizedTest
    @CsvSource({
        // version, priority, interval ns, skew ns, Master_Down ns
        "V2,   1,  1_000_000_000,   996_093_750,   3_996_093_750",
        "V2, 100,  1_000_000_000,   609_375_000,   3_609_375_000",
        "V2, 254,  1_000_000_000,     7_812_500,   3_007_812_500",
        "V2, 255,  1_000_000_000,     3_906_250,   3_003_906_250",
        // The skew of version 2 does not know the interval.
        "V2, 100, 10_000_000_000,   609_375_000,  30_609_375_000",
        "V2,   1, 255_000_000_000,  996_093_750, 765_996_093_750",
        "V3,   1,  1_000_000_000,   996_093_750,   3_996_093_750",
        "V3, 100,  1_000_000_000,   609_375_000,   3_609_375_000",
        "V3, 254,  1_000_000_000,     7_812_500,   3_007_812_500",
        "V3, 255,  1_000_000_000,     3_906_250,   3_003_906_250",
        "V3,   1,     10_000_000,     9_960_937,      39_960_937",
        "V3, 100,     10_000_000,     6_093_750,      36_093_750",
        "V3, 254,     10_000_000,        78_125,      30_078_125",
        "V3, 255,     10_000_000,        39_062,      30_039_062",
        "V3, 100,    100_000_000,    60_937_500,     360_937_500",
        "V3,   1, 40_950_000_000, 40_790_039_062, 163_640_039_062"
    })
    void followsTheRfc(VrrpVersion version, int priority, String interval, String skew, String masterDown) {
        assertThat(TimerMath.skewNanos(version, priority, nanos(interval))).isEqualTo(nanos(skew));
        assertThat(TimerMath.masterDownNanos(version, priority, nanos(interval)))
                .isEqualTo(nanos(masterDown));
    }

    @Test
    void at10MillisecondsEveryPriorityHasADeadlineOfItsOwn() {
        Set<Long> deadlines = new HashSet<>();
        for (int priority = 1; priority <= 255; priority++) {
            deadlines.add(TimerMath.masterDownNanos(VrrpVersion.V3, priority, 10_000_000));
        }

        assertThat(deadlines).hasSize(255);
    }

    private static long nanos(String text) {
        return Long.parseLong(text.replace("_", ""));
    }
}
