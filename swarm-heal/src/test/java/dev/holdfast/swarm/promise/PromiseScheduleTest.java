package dev.holdfast.swarm.promise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Long histories of three to five agents, at random but repeatably, with real desks in front of disks that they die at. */
class PromiseScheduleTest {

    private static final long FIRST = Long.getLong("holdfast.simulation.seed", 0);
    private static final int SCHEDULES = Integer.getInteger("holdfast.simulation.schedules", 2_000);

    @Test
    void noScheduleForcesTwoSidesAndEveryOneEndsWithALeader() {
        int forces = 0;
        int crashes = 0;
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            PromiseSchedule schedule = new PromiseSchedule(seed, false);
            schedule.play();
            assertThat(schedule.wrong()).as("seed %d", seed).isEmpty();
            forces += schedule.forces();
            crashes += schedule.crashes();
            assertThat(schedule.settles())
                    .as("seed %d: somebody gets a majority when all can be reached", seed)
                    .isTrue();
            assertThat(schedule.wrong()).as("seed %d, settled", seed).isEmpty();
        }
        // Otherwise the schedules would prove nothing.
        assertThat(forces).isGreaterThanOrEqualTo(SCHEDULES / 4);
        assertThat(crashes).isGreaterThanOrEqualTo(SCHEDULES / 4);
    }

    @Test
    void aDiskThatForgetsIsFoundOut() {
        long wrong = 0;
        for (long seed = 0; seed < 500; seed++) {
            PromiseSchedule schedule = new PromiseSchedule(seed, true);
            schedule.play();
            wrong += schedule.wrong().isEmpty() ? 0 : 1;
        }
        assertThat(wrong).isPositive();
    }
}
