package dev.holdfast.vrrp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    /** How many schedules are run. */
    private static final String SCHEDULES = "holdfast.simulation.schedules";

    /** The seed of the first one; with one schedule, to repeat a failure. */
    private static final String SEED = "holdfast.simulation.seed";

    private static final Set<TransitionReason> NOT_SIMULATED =
            EnumSet.of(TransitionReason.INTERFACE_DOWN, TransitionReason.SYNC_GROUP);

    @Test
    void afterAnyTroubleEachConnectedPartAgreesOnTheRightMaster() {
        long first = Long.getLong(SEED, 0);
        long count = Long.getLong(SCHEDULES, 100_000);
        Map<TransitionReason, LongAdder> seen = new EnumMap<>(TransitionReason.class);
        for (TransitionReason reason : TransitionReason.values()) {
            seen.put(reason, new LongAdder());
        }

        LongStream.range(first, first + count)
                .parallel()
                .forEach(seed -> Simulation.run(seed, reason -> seen.get(reason).increment()));

        if (count >= 1000) {
            seen.forEach((reason, times) -> {
                if (!NOT_SIMULATED.contains(reason)) {
                    assertThat(times.sum())
                            .as("transitions because of %s", reason)
                            .isPositive();
                }
            });
        }
    }
}
