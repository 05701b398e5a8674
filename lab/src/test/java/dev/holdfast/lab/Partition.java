package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The network falls into two parts, with all hosts alive: {@code m1} to {@code mK} on the first side, the others on the
 * second. Then it is mended.
 *
 * @param first how many managers are on the first side
 * @param managers how many in all
 * @param witness who can still reach the default gateway
 */
record Partition(int first, int managers, Witness witness) implements SwarmTrial.Story {
    private static final Duration OBSERVED = Duration.ofSeconds(60);

    /** Where the witness stands. */
    enum Witness {
        WITH_FIRST("with the first side"),
        WITH_SECOND("with the second side"),
        WITH_BOTH("with both"),
        WITH_NEITHER("with neither");

        final String text;

        Witness(String text) {
            this.text = text;
        }

        boolean reaches(int side) {
            return switch (this) {
                case WITH_FIRST -> side == 0;
                case WITH_SECOND -> side == 1;
                case WITH_BOTH -> true;
                case WITH_NEITHER -> false;
            };
        }
    }

    /** {@link #managers} with every place of the witness. */
    static Stream<Partition> all() {
        return Stream.of(Witness.values())
                .flatMap(witness -> Stream.of(
                        new Partition(1, 2, witness), new Partition(1, 3, witness), new Partition(2, 5, witness)));
    }

    @Override
    public String toString() {
        return "partition {%d}|{%d}, witness %s".formatted(first, managers - first, witness.text);
    }

    private int quorum() {
        return managers / 2 + 1;
    }

    private boolean isQuorum(int side) {
        return (side == 0 ? first : managers - first) >= quorum();
    }

    /** The sides that heal: without a quorum, and told by the witness that it is the others who are lost. */
    private List<Integer> healing() {
        return Stream.of(0, 1)
                .filter(side -> !isQuorum(side) && witness.reaches(side))
                .toList();
    }

    /** Whether it says the truth: it is never with a side that has no quorum while another one has, nor with two at once. */
    boolean isTruthful() {
        return healing().isEmpty()
                || (healing().size() == 1 && !isQuorum(1 - healing().getFirst()));
    }

    @Override
    public void tell(SwarmTrial trial) {
        List<List<Dockerd>> sides =
                List.of(trial.managers().subList(0, first), trial.managers().subList(first, managers));
        Instant cut = Instant.now();
        trial.cluster().network().split(List.of(withWitness(trial, sides, 0), withWitness(trial, sides, 1)));
        for (int side : List.of(0, 1)) {
            if (isQuorum(side)) {
                Dockerd leader = SwarmCluster.awaitLeader(sides.get(side), SwarmTrial.RAFT);
                trial.took("leader", cut);
                Swarm.createService(leader, "made-meanwhile-on-side-" + (side + 1), 1);
            }
        }
        for (int side : healing()) {
            Dockerd healer = sides.get(side).getFirst();
            if (healing().size() == 1) {
                QuorumLoss.awaitHealed(trial, healer, cut);
            } else {
                // Both at about the same time: the second one is done before it is looked at. One that led goes on
                // saying
                // so for a while, so that its force is waited for.
                Await.until(
                        healer.host() + " to be forced",
                        SwarmTrial.RAFT.multipliedBy(2),
                        () -> healer.forceCalls() == 1);
                SwarmCluster.awaitLeader(List.of(healer), SwarmTrial.RAFT);
            }
            Swarm.createService(healer, "made-meanwhile-on-side-" + (side + 1), 1);
        }
        // A side that must not heal has had the time to know that it has no leader, and to wait.
        for (int side : List.of(0, 1)) {
            if (!isQuorum(side) && !healing().contains(side)) {
                trial.agent(sides.get(side).getFirst()).awaitRefusal("witness-silent", SwarmTrial.RAFT);
            }
        }
        trial.giveForcesTheirTime();
        trial.assertForces(healing().size());

        Instant mended = Instant.now();
        trial.cluster().network().mend();
        List<String> made = Stream.of(0, 1)
                .filter(side -> isQuorum(side) || healing().contains(side))
                .map(side -> "made-meanwhile-on-side-" + (side + 1))
                .toList();
        if (isTruthful()) {
            trial.assertWholeAgain(mended);
            assertThat(Swarm.services(trial.cluster().awaitWhole(SwarmTrial.RAFT)))
                    .as("what was made meanwhile")
                    .containsAll(made);
        } else {
            observe(trial, made);
        }
        trial.giveForcesTheirTime();
        trial.assertForces(healing().size());
    }

    private List<Host> withWitness(SwarmTrial trial, List<List<Dockerd>> sides, int side) {
        List<Host> hosts = new ArrayList<>(SwarmCluster.hosts(sides.get(side)));
        if (witness.reaches(side)) {
            hosts.add(trial.cluster().gateway());
        }
        return hosts;
    }

    /** A witness that misleads: policy guarded promises nothing then, and the table tells what comes of it. */
    private static void observe(SwarmTrial trial, List<String> made) {
        SwarmTrial.pass(OBSERVED);
        List<Dockerd> leaders = SwarmCluster.leaders(trial.managers());
        List<String> lost = leaders.isEmpty()
                ? List.of()
                : made.stream()
                        .filter(name -> !Swarm.services(leaders.getFirst()).contains(name))
                        .toList();
        trial.remark("the witness misled; " + OBSERVED.toSeconds() + " s after mending " + leaders.size()
                + (leaders.size() == 1 ? " leader" : " leaders") + ", lost: " + (lost.isEmpty() ? "nothing" : lost));
    }
}
