package dev.holdfast.vrrp.fsm;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final int SCHEDULES = 500;

    /** A failure names its seed; {@code Simulation.run(seed)} repeats it. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000, 2_000_000, 3_000_000})
    void afterTheTroubleEachConnectedPartAgreesOnTheRightMaster(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + SCHEDULES; seed++) {
            Simulation.run(seed);
        }
    }
}
