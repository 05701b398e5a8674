package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * More managers are lost than the Swarm can do without, its leader among them: it is healed once, and the lost ones come
 * back, in this way.
 */
enum QuorumLoss implements SwarmTrial.Story {
    /** Each when the one before is a manager again. */
    ONE_BY_ONE("one by one"),
    /**
     * The former leader last, each 20 s after the other. Not each when the one before is a manager again: an engine that
     * knows the former leader alone asks nobody else, and waits for it.
     */
    FORMER_LEADER_LAST("each 20 s, the former leader last"),
    /** All in the same moment. */
    AT_ONCE("at once");

    private static final Duration APART = Duration.ofSeconds(20);
    private static final Duration REACTION = Duration.ofSeconds(15);

    final String text;

    QuorumLoss(String text) {
        this.text = text;
    }

    /** How many of so many managers are lost: as few as cost the quorum. */
    static int lost(int managers) {
        return (managers + 1) / 2;
    }

    @Override
    public void tell(SwarmTrial trial) {
        List<Dockerd> lost = trial.managers().subList(0, lost(trial.managers().size()));
        Dockerd survivor = loseForGood(trial, lost);
        trial.assertForces(1);
        Instant back = comeBack(lost, survivor);
        trial.assertWholeAgain(back);
        trial.giveForcesTheirTime();
        trial.assertForces(1);
    }

    /** Cuts them off and waits until the first of those that are left has healed the Swarm. */
    static Dockerd loseForGood(SwarmTrial trial, List<Dockerd> lost) {
        Dockerd survivor = trial.managersBut(lost).getFirst();
        Instant cut = Instant.now();
        lost.forEach(engine -> engine.host().link().cut());
        awaitHealed(trial, survivor, cut);
        return survivor;
    }

    /** Waits until this one has healed the Swarm, and holds it against the time that may take. */
    static void awaitHealed(SwarmTrial trial, Dockerd survivor, Instant since) {
        awaitHealed(trial, survivor, since, REACTION);
    }

    /** The same where it may take more or less than usual beyond the hold. */
    static void awaitHealed(SwarmTrial trial, Dockerd survivor, Instant since, Duration reactionLimit) {
        // The engine itself is the last to know: it takes up to half a minute to miss its leader, and tries to elect
        // one.
        trial.agent(survivor).awaitSwarmState("NO_LEADER", SwarmTrial.RAFT);
        Instant known = Instant.now();
        trial.took("no leader", Duration.between(since, known));
        SwarmCluster.awaitLeader(List.of(survivor), SwarmTrial.RAFT);
        Duration reaction = trial.took("healed after that", known);
        trial.assertKept(survivor);
        assertThat(reaction)
                .as("from knowing that there is no leader to leading")
                .isLessThanOrEqualTo(trial.hold().plus(reactionLimit));
    }

    private Instant comeBack(List<Dockerd> lost, Dockerd leader) {
        List<Dockerd> order = new ArrayList<>(this == FORMER_LEADER_LAST ? lost.reversed() : lost);
        Instant last = Instant.now();
        for (Dockerd engine : order) {
            last = Instant.now();
            int before = SwarmCluster.reachableManagers(leader);
            engine.host().link().mend();
            switch (this) {
                case ONE_BY_ONE ->
                    Await.until(
                            engine.host() + " to be a manager again",
                            SwarmTrial.REUNION,
                            () -> SwarmCluster.reachableManagers(leader) > before);
                case FORMER_LEADER_LAST -> SwarmTrial.pass(APART);
                case AT_ONCE -> {}
            }
        }
        return last;
    }
}
