package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The policy against a model of Swarm's raft, over random failures: what it changes never costs the quorum, and in quiet times the
 * wanted number is there.
 */
class RedundancySimulationTest {

    private static final int SEEDS = 500;
    private static final long LOOK_SECONDS = 10;

    /** Nodes are numbered from 1; node 1 runs the agent. */
    private static final class Model {
        private final Random random;
        private final int target;
        private final int count;
        private final Set<Integer> up = new HashSet<>();
        private final Set<Integer> managersByRole = new HashSet<>();
        private final Set<Integer> members = new HashSet<>();
        private final List<String> story = new ArrayList<>();
        private long now;
        private int changes;
        private NodeHistory history = NodeHistory.NONE;

        Model(long seed) {
            random = new Random(seed);
            now = Long.MAX_VALUE - Duration.ofMinutes(random.nextInt(60)).toNanos();
            target = 1 + 2 * random.nextInt(4);
            count = 1 + random.nextInt(9);
            int managers = 1 + random.nextInt(Math.min(count, 7));
            for (int node = 1; node <= count; node++) {
                up.add(node);
                if (node <= managers) {
                    managersByRole.add(node);
                    members.add(node);
                }
            }
        }

        private long alive() {
            return members.stream().filter(up::contains).count();
        }

        private boolean hasQuorum() {
            return alive() >= members.size() / 2 + 1;
        }

        private SwarmNode node(int number) {
            boolean alive = up.contains(number);
            String state = alive ? "ready" : "down";
            if (members.contains(number)) {
                SwarmNode manager = alive ? Looks.manager(number) : Looks.gone(number);
                return managersByRole.contains(number)
                        ? manager
                        : new SwarmNode(
                                manager.id(),
                                manager.hostname(),
                                "worker",
                                "active",
                                state,
                                manager.address(),
                                10,
                                manager.manager());
            }
            return managersByRole.contains(number)
                    ? Looks.outside(number, state)
                    : Looks.worker(number, "active", state);
        }

        void fail(boolean quiet) {
            for (int node = 2; node <= count; node++) {
                if (!up.contains(node)) {
                    if (quiet || random.nextInt(60) == 0) {
                        up.add(node);
                    }
                } else if (!quiet && random.nextInt(120) == 0) {
                    up.remove(node);
                }
            }
        }

        /** Swarm's role manager, which itself takes nobody out of raft where the rest would be no quorum. */
        void settle() {
            if (!hasQuorum()) {
                return;
            }
            for (int node = 1; node <= count; node++) {
                boolean wanted = managersByRole.contains(node);
                if (wanted && !members.contains(node) && up.contains(node) && random.nextInt(3) > 0) {
                    members.add(node);
                } else if (!wanted && members.contains(node) && random.nextInt(3) > 0) {
                    members.remove(node);
                    if (!hasQuorum()) {
                        members.add(node);
                    }
                }
                assertThat(hasQuorum()).as("seed's story: %s", story).isTrue();
            }
        }

        void look() {
            now += Duration.ofSeconds(LOOK_SECONDS).toNanos();
            SwarmNode[] nodes = new SwarmNode[count];
            for (int node = 1; node <= count; node++) {
                nodes[node - 1] = node(node);
            }
            SwarmSnapshot look = hasQuorum() ? Looks.look(now, nodes) : Looks.look(SwarmState.NO_LEADER, now);
            history = history.after(look);
            ManagersConfig config =
                    new ManagersConfig(target, KeepMode.ON, Duration.ofMinutes(5), RejoinMode.AUTO, null);
            KeepPlan plan =
                    RedundancyPolicy.decide(new RedundancyInputs(config, true, look, history, Set.of(), Set.of(), now));
            if (plan instanceof KeepPlan.Act act) {
                apply(act);
            }
        }

        private void apply(KeepPlan.Act act) {
            int node = Integer.parseInt(act.subject().substring(1));
            story.add(act.action() + " " + node + " of " + members + ", up " + up);
            changes++;
            long alive = alive();
            int size = members.size();
            assertThat(hasQuorum()).as("only with a leader: %s", story).isTrue();
            if (act.action() == KeepAction.PROMOTE) {
                assertThat(up).contains(node);
                assertThat(managersByRole).doesNotContain(node);
                // Even if the newcomer fails at once there is a quorum.
                assertThat(alive).as("%s", story).isGreaterThanOrEqualTo((size + 1) / 2 + 1 - 1);
                managersByRole.add(node);
            } else {
                assertThat(act.action()).isEqualTo(KeepAction.DEMOTE);
                assertThat(members.contains(node) && up.contains(node))
                        .as("never one that is reached: %s", story)
                        .isFalse();
                if (members.contains(node)) {
                    assertThat(alive).as("%s", story).isGreaterThanOrEqualTo((size - 1) / 2 + 1);
                }
                managersByRole.remove(node);
            }
        }
    }

    @Test
    void whatIsChangedNeverCostsTheQuorumAndQuietTimesBringTheWantedNumber() {
        int changed = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Model model = new Model(seed);
            for (int step = 0; step < 600; step++) {
                model.fail(false);
                model.settle();
                model.look();
            }
            for (int step = 0; step < 600; step++) {
                model.fail(true);
                model.settle();
                model.look();
            }
            int before = model.changes;
            for (int step = 0; step < 200; step++) {
                model.settle();
                model.look();
            }
            assertThat(model.changes)
                    .as("seed %d comes to rest: %s", seed, model.story)
                    .isEqualTo(before);
            int possible = Math.min(model.target, model.count);
            int least = possible % 2 == 0 ? possible - 1 : possible;
            assertThat(model.members.size())
                    .as("seed %d, target %d of %d: %s", seed, model.target, model.count, model.story)
                    .isGreaterThanOrEqualTo(least);
            changed += model.changes;
        }
        // Otherwise nothing was tested.
        assertThat(changed).isGreaterThan(SEEDS);
    }
}
