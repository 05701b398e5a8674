package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Networks that are neither whole nor cut, around the host of the leader and MASTER, {@code m1}. */
enum SickNetwork implements SwarmTrial.Story {
    /** What it says is lost; it hears the others, and so goes on being MASTER, as another one does as well. */
    MUTE("leader's host is not heard") {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd leader = trial.manager(1);
            List<Dockerd> others = trial.managersBut(List.of(leader));
            Instant since = Instant.now();
            trial.cluster().network().mute(leader.host());
            boolean quorumLeft = others.size() > trial.managers().size() / 2;
            if (quorumLeft) {
                SwarmCluster.awaitLeader(others, SwarmTrial.RAFT);
                trial.took("leader", since);
            } else {
                QuorumLoss.awaitHealed(trial, others.getFirst(), since);
            }
            trial.agent(leader).awaitRefusal("witness-silent", SwarmTrial.RAFT);
            trial.giveForcesTheirTime();
            trial.assertForces(quorumLeft ? 0 : 1);
            mended(trial);
            trial.assertForces(quorumLeft ? 0 : 1);
        }
    },
    /** What others say is lost; they hear its adverts, so nobody else is MASTER, and it can't know how they are. */
    DEAF("leader's host hears nothing") {
        @Override
        public void tell(SwarmTrial trial) {
            Dockerd leader = trial.manager(1);
            List<Dockerd> others = trial.managersBut(List.of(leader));
            Instant since = Instant.now();
            trial.cluster().network().deafen(leader.host());
            if (others.size() > trial.managers().size() / 2) {
                SwarmCluster.awaitLeader(others, SwarmTrial.RAFT);
                trial.took("leader", since);
            }
            trial.agent(leader).awaitRefusal("witness-silent", SwarmTrial.RAFT);
            trial.giveForcesTheirTime();
            trial.assertForces(0);
            mended(trial);
            trial.assertForces(0);
        }
    },
    /** The cable of the leader's host is cut for 5 s and mended for 5 s, for three minutes. */
    FLAPPING("leader's host comes and goes each 5 s for 3 min") {
        private static final Duration LASTS = Duration.ofMinutes(3);
        private static final Duration EACH = Duration.ofSeconds(5);

        @Override
        public void tell(SwarmTrial trial) {
            Link cable = trial.manager(1).host().link();
            Instant end = Instant.now().plus(LASTS);
            while (Instant.now().isBefore(end)) {
                cable.cut();
                SwarmTrial.pass(EACH);
                cable.mend();
                SwarmTrial.pass(EACH);
            }
            mended(trial);
            // Of two managers the one that stays may take the other for dead, once; three never lose their quorum.
            long most = trial.managers().size() > 2 ? 0 : 1;
            assertThat(trial.cluster().forceCalls())
                    .as("force calls that engines received")
                    .isLessThanOrEqualTo(most);
        }
    };

    final String text;

    SickNetwork(String text) {
        this.text = text;
    }

    private static void mended(SwarmTrial trial) {
        Instant mended = Instant.now();
        trial.cluster().network().mend();
        trial.assertWholeAgain(mended);
        trial.giveForcesTheirTime();
        // One that was left out stood for election meanwhile, again and again: it may still cost the others their
        // leader.
        trial.cluster().awaitWhole(SwarmTrial.RAFT);
    }
}
