package dev.holdfast.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** All hosts lost power, and come back. */
enum ColdBoot implements SwarmTrial.Story {
    /** All at the same time: they elect. */
    TOGETHER("cold boot, all at once") {
        @Override
        void powerOn(SwarmTrial trial) {
            Instant on = Instant.now();
            trial.powerOn(trial.managers());
            SwarmCluster.awaitLeader(trial.managers(), SwarmTrial.RAFT);
            trial.took("leader", on);
            whole(trial, on, 0);
        }
    },
    /** The last one first, the others a minute later: it must not take them for dead. */
    ONE_FIRST("cold boot, the last host 60 s before the others") {
        @Override
        void powerOn(SwarmTrial trial) {
            trial.powerOn(List.of(trial.managers().getLast()));
            SwarmTrial.pass(LATER);
            trial.assertForces(0);
            Instant on = Instant.now();
            trial.powerOn(trial.managersBut(List.of(trial.managers().getLast())));
            whole(trial, on, 0);
        }
    },
    /** One by one, the last one first, 20 s between. */
    ONE_BY_ONE("cold boot, one by one each 20 s, the last host first") {
        @Override
        void powerOn(SwarmTrial trial) {
            Instant on = Instant.now();
            for (Dockerd engine : trial.managers().reversed()) {
                on = Instant.now();
                trial.powerOn(List.of(engine));
                SwarmTrial.pass(Duration.ofSeconds(20));
            }
            whole(trial, on, 0);
        }
    },
    /** Only the last one: it is healed. */
    OTHERS_NEVER("cold boot, the others do not come") {
        @Override
        void powerOn(SwarmTrial trial) {
            Dockerd only = trial.managers().getLast();
            Instant on = Instant.now();
            trial.powerOn(List.of(only));
            SwarmCluster.awaitLeader(List.of(only), trial.bootLimit());
            trial.took("healed", on);
            trial.assertKept(only);
            trial.giveForcesTheirTime();
            trial.assertForces(1);
        }
    };

    private static final Duration LATER = Duration.ofSeconds(60);

    final String text;

    ColdBoot(String text) {
        this.text = text;
    }

    abstract void powerOn(SwarmTrial trial);

    @Override
    public void tell(SwarmTrial trial) {
        trial.powerOff();
        powerOn(trial);
    }

    private static void whole(SwarmTrial trial, Instant since, long forces) {
        trial.assertWholeAgain(since);
        trial.giveForcesTheirTime();
        trial.assertForces(forces);
    }
}
