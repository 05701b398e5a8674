package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The network falls into two parts that both still reach the witness, and a force needs the promises of most agents: {@code
 * m1} to {@code mK} and all workers are on the first side, the other managers on the second. Then it is mended.
 *
 * @param first how many managers are on the first side
 * @param managers how many in all
 * @param workers how many workers are with the first side
 */
record PromisedPartition(int first, int managers, int workers) implements SwarmTrial.Story {
    /** How long a side that must not heal is watched: more than its engine takes to miss its leader, and an agent to hold. */
    private static final Duration OBSERVED = Duration.ofSeconds(60);

    private static final String MADE = "made-meanwhile";

    static Stream<PromisedPartition> all() {
        return Stream.of(
                new PromisedPartition(1, 2, 0),
                new PromisedPartition(1, 2, 1),
                new PromisedPartition(1, 3, 0),
                new PromisedPartition(1, 3, 1),
                new PromisedPartition(2, 5, 0));
    }

    @Override
    public String toString() {
        return "partition {%d}|{%d}, witness with both, policy quorum%s"
                .formatted(first, managers - first, workers == 0 ? "" : ", the worker with the first side");
    }

    private boolean isQuorum(int count) {
        return count > managers / 2;
    }

    /** Whether the first side has most agents, and nobody else a leader. */
    private boolean heals() {
        return first + workers > (managers + workers) / 2 && !isQuorum(managers - first);
    }

    @Override
    public void tell(SwarmTrial trial) {
        List<Dockerd> firstSide = trial.managers().subList(0, first);
        List<Dockerd> secondSide = trial.managers().subList(first, managers);
        List<Host> withWorkers = new ArrayList<>(SwarmCluster.hosts(firstSide));
        withWorkers.addAll(SwarmCluster.hosts(trial.cluster().workers()));
        Instant cut = Instant.now();
        trial.cluster()
                .network()
                .split(List.of(withWitness(trial, withWorkers), withWitness(trial, SwarmCluster.hosts(secondSide))));
        boolean made = false;
        if (isQuorum(managers - first)) {
            Dockerd leader = SwarmCluster.awaitLeader(secondSide, SwarmTrial.RAFT);
            trial.took("leader", cut);
            Swarm.createService(leader, MADE, 1);
            made = true;
        }
        if (heals()) {
            QuorumLoss.awaitHealed(trial, firstSide.getFirst(), cut);
            Swarm.createService(firstSide.getFirst(), MADE, 1);
            made = true;
        }
        SwarmTrial.pass(OBSERVED);
        trial.assertForces(heals() ? 1 : 0);

        Instant mended = Instant.now();
        trial.cluster().network().mend();
        trial.assertWholeAgain(mended);
        if (made) {
            assertThat(Swarm.services(trial.cluster().awaitWhole(SwarmTrial.RAFT)))
                    .contains(MADE);
        }
        trial.giveForcesTheirTime();
        trial.assertForces(heals() ? 1 : 0);
    }

    private static List<Host> withWitness(SwarmTrial trial, List<Host> side) {
        List<Host> hosts = new ArrayList<>(side);
        hosts.add(trial.cluster().gateway());
        return hosts;
    }
}
