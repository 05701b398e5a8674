package dev.holdfast.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What can happen to the host that leads, while the other managers are a quorum: nobody may force. */
enum LeaderLoss implements SwarmTrial.Story {
    /** The network fails somewhere and tells nobody. */
    CUT("leader's host silently cut") {
        @Override
        void strike(SwarmTrial trial, Dockerd leader) {
            leader.host().link().cut();
        }

        @Override
        void undo(SwarmTrial trial, Dockerd leader) {
            leader.host().link().mend();
        }
    },
    /** The engine dies; the host and its agent live on. */
    KILLED("leader's engine killed") {
        @Override
        void strike(SwarmTrial trial, Dockerd leader) {
            leader.kill();
        }

        @Override
        void undo(SwarmTrial trial, Dockerd leader) {
            leader.restart(trial.lab());
        }
    },
    /** The engine dies and is back within seconds. */
    RESTARTED("leader's engine restarted") {
        @Override
        void strike(SwarmTrial trial, Dockerd leader) {
            leader.restart(trial.lab());
        }

        @Override
        void undo(SwarmTrial trial, Dockerd leader) {}
    },
    /** Engine and agent stand still and keep all their connections, as on a virtual machine that is suspended. */
    PAUSED("leader's host paused for 60 s") {
        @Override
        void strike(SwarmTrial trial, Dockerd leader) {
            trial.agent(leader).process().signalAll("STOP");
            leader.pause();
        }

        @Override
        void undo(SwarmTrial trial, Dockerd leader) {
            leader.resume();
            trial.agent(leader).process().signalAll("CONT");
        }

        @Override
        Duration lasts() {
            return Duration.ofSeconds(60);
        }
    };

    final String text;

    LeaderLoss(String text) {
        this.text = text;
    }

    abstract void strike(SwarmTrial trial, Dockerd leader);

    abstract void undo(SwarmTrial trial, Dockerd leader);

    /** How long it lasts at least. */
    Duration lasts() {
        return Duration.ZERO;
    }

    @Override
    public void tell(SwarmTrial trial) {
        suffer(trial);
        trial.assertForces(0);
    }

    /** Once: the others elect, nobody forces, and all are together again. */
    void suffer(SwarmTrial trial) {
        Dockerd leader = trial.cluster().awaitWhole(SwarmTrial.RAFT);
        List<Dockerd> others = trial.managersBut(List.of(leader));
        Instant struck = Instant.now();
        strike(trial, leader);
        Dockerd next = SwarmCluster.awaitLeader(this == RESTARTED ? trial.managers() : others, SwarmTrial.RAFT);
        trial.took("leader", struck);
        Swarm.createService(next, "made-meanwhile-" + struck.toEpochMilli(), 1);
        trial.giveForcesTheirTime();
        Duration left = lasts().minus(Duration.between(struck, Instant.now()));
        if (left.isPositive()) {
            SwarmTrial.pass(left);
        }
        Instant undone = Instant.now();
        undo(trial, leader);
        trial.assertWholeAgain(undone);
    }
}
