package dev.holdfast.swarm.managers;

import static dev.holdfast.swarm.managers.Looks.gone;
import static dev.holdfast.swarm.managers.Looks.look;
import static dev.holdfast.swarm.managers.Looks.manager;
import static dev.holdfast.swarm.managers.Looks.outside;
import static dev.holdfast.swarm.managers.Looks.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is promoted or demoted, and when nobody is. */
class RedundancyPolicyTest {

    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(3).toNanos();
    private static final Duration DEAD_AFTER = Duration.ofMinutes(5);

    private static ManagersConfig config(KeepMode mode, int target) {
        return new ManagersConfig(target, mode, DEAD_AFTER, RejoinMode.AUTO, null);
    }

    /** The plan after the same nodes have been seen for that long, every ten seconds. */
    private static KeepPlan after(
            Duration howLong, KeepMode mode, int target, Set<String> passedOver, SwarmNode... nodes) {
        NodeHistory history = NodeHistory.NONE;
        SwarmSnapshot look = look(START, nodes);
        for (long seconds = 0; seconds <= howLong.toSeconds(); seconds += 10) {
            look = look(START + Duration.ofSeconds(seconds).toNanos(), nodes);
            history = history.after(look);
        }
        return RedundancyPolicy.decide(new RedundancyInputs(
                config(mode, target), true, look, history, Set.of("n8"), passedOver, look.observedNanos()));
    }

    private static String inWords(KeepPlan plan) {
        return plan instanceof KeepPlan.Act act
                ? act.kind() + " " + act.subject() + " " + act.reasonLabel()
                : plan.kind() + " " + plan.reasonLabel();
    }

    static Stream<Arguments> situations() {
        return Stream.of(
                arguments("nothing-to-do as-it-should-be", 3, nodes(manager(1), manager(2), manager(3), worker(4))),
                // More than wanted are left alone: each demotion is a risk, and gains nothing.
                arguments(
                        "nothing-to-do as-it-should-be",
                        3,
                        nodes(manager(1), manager(2), manager(3), manager(4), manager(5))),
                // 2 of 3: with four members one more could not be lost, so the dead one goes first.
                arguments("demote n3 manager-dead", 3, nodes(manager(1), manager(2), gone(3), worker(4))),
                // Then the worker comes.
                arguments(
                        "promote n4 too-few-managers",
                        3,
                        nodes(manager(1), manager(2), worker(3, "active", "down"), worker(4))),
                // 4 of 5: the newcomer first, since one more could still be lost.
                arguments(
                        "promote n6 manager-dead",
                        5,
                        nodes(manager(1), manager(2), manager(3), manager(4), gone(5), worker(6))),
                // 3 of 5 are a bare quorum.
                arguments(
                        "demote n4 manager-dead",
                        5,
                        nodes(manager(1), manager(2), manager(3), gone(4), gone(5), worker(6), worker(7))),
                // Nobody can take its place: an odd number stays odd.
                arguments("refuse not-enough-nodes", 3, nodes(manager(1), manager(2), gone(3))),
                // A drained worker is meant to be left in peace, one that is down can't help.
                arguments(
                        "refuse not-enough-nodes",
                        3,
                        nodes(
                                manager(1),
                                manager(2),
                                gone(3),
                                worker(4, "drain", "ready"),
                                worker(5, "active", "down"))),
                // Without it four tolerate as little as three, and three of three is better than three of four.
                arguments("demote n4 manager-dead", 3, nodes(manager(1), manager(2), manager(3), gone(4))),
                // One whose host runs an agent comes first.
                arguments("demote n3 manager-dead", 3, nodes(manager(1), manager(2), gone(3), worker(4), worker(8))),
                arguments("promote n8 too-few-managers", 3, nodes(manager(1), worker(4), worker(8))),
                // One worker more would only make two managers, which tolerate nothing that one does not.
                arguments("refuse not-enough-nodes", 3, nodes(manager(1), worker(4))),
                arguments("nothing-to-do as-it-should-be", 1, nodes(manager(1), worker(4))),
                // Fewer than a quorum with a leader: the leader has not noticed yet, or lies.
                arguments("refuse would-lose-quorum", 3, nodes(manager(1), gone(2), gone(3), worker(4))),
                // A promotion that has not taken effect: nothing else meanwhile, and after five minutes it is taken
                // back.
                arguments(
                        "demote n4 limbo", 3, nodes(manager(1), manager(2), gone(3), outside(4, "ready"), worker(5))));
    }

    private static SwarmNode[] nodes(SwarmNode... nodes) {
        return nodes;
    }

    @ParameterizedTest
    @MethodSource("situations")
    void afterSixMinutes(String plan, int target, SwarmNode[] nodes) {
        assertThat(inWords(after(Duration.ofMinutes(6), KeepMode.ON, target, Set.of(), nodes)))
                .isEqualTo(plan);
    }

    @ParameterizedTest
    @MethodSource("situations")
    void observeSaysTheSameAndDoesNothing(String plan, int target, SwarmNode[] nodes) {
        KeepPlan observed = after(Duration.ofMinutes(6), KeepMode.OBSERVE, target, Set.of(), nodes);
        boolean acts = plan.startsWith("promote") || plan.startsWith("demote");
        assertThat(inWords(observed)).isEqualTo(acts ? "would-" + plan : plan);
        assertThat(observed instanceof KeepPlan.Act act && !act.onlySaid()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("situations")
    void offDoesNothing(String plan, int target, SwarmNode[] nodes) {
        assertThat(inWords(after(Duration.ofMinutes(6), KeepMode.OFF, target, Set.of(), nodes)))
                .isEqualTo("nothing-to-do off");
    }

    @Test
    void aManagerThatIsGoneHasItsTimeToComeBack() {
        SwarmNode[] nodes = {manager(1), manager(2), gone(3), worker(4)};
        assertThat(inWords(after(Duration.ofSeconds(290), KeepMode.ON, 3, Set.of(), nodes)))
                .isEqualTo("wait manager-gone");
        assertThat(inWords(after(Duration.ofMinutes(5), KeepMode.ON, 3, Set.of(), nodes)))
                .isEqualTo("demote n3 manager-dead");
    }

    @Test
    void aChangeMustBeInEffectForHalfAMinuteBeforeTheNext() {
        SwarmNode[] nodes = {manager(1), worker(4), worker(5)};
        assertThat(inWords(after(Duration.ofSeconds(20), KeepMode.ON, 3, Set.of(), nodes)))
                .isEqualTo("wait stabilising");
        assertThat(inWords(after(Duration.ofSeconds(30), KeepMode.ON, 3, Set.of(), nodes)))
                .isEqualTo("promote n4 too-few-managers");
    }

    @Test
    void aPromotionUnderWayIsWaitedFor() {
        SwarmNode[] nodes = {manager(1), manager(2), outside(4, "ready"), worker(5)};
        assertThat(inWords(after(Duration.ofSeconds(290), KeepMode.ON, 3, Set.of(), nodes)))
                .isEqualTo("wait change-under-way");
    }

    @Test
    void oneWithWhichItWentWrongIsPassedOver() {
        SwarmNode[] nodes = {manager(1), worker(4), worker(5), worker(6)};
        assertThat(inWords(after(Duration.ofMinutes(1), KeepMode.ON, 3, Set.of("n4"), nodes)))
                .isEqualTo("promote n5 too-few-managers");
    }

    @Test
    void onlyTheMasterWithALeaderAndAFreshLookActs() {
        SwarmNode[] nodes = {manager(1), manager(2), manager(3)};
        SwarmSnapshot look = look(START, nodes);
        NodeHistory history = NodeHistory.NONE.after(look);
        RedundancyInputs in =
                new RedundancyInputs(config(KeepMode.ON, 3), false, look, history, Set.of(), Set.of(), START);
        assertThat(inWords(RedundancyPolicy.decide(in))).isEqualTo("nothing-to-do not-master");
        SwarmSnapshot leaderless = look(SwarmState.ELECTING, START);
        in = new RedundancyInputs(config(KeepMode.ON, 3), true, leaderless, history, Set.of(), Set.of(), START);
        assertThat(inWords(RedundancyPolicy.decide(in))).isEqualTo("refuse no-leader");
        long late = START + HealPolicy.MAX_AGE.toNanos() + 1;
        in = new RedundancyInputs(config(KeepMode.ON, 3), true, look, history, Set.of(), Set.of(), late);
        assertThat(inWords(RedundancyPolicy.decide(in))).isEqualTo("refuse stale");
    }

    @Test
    void aLookWithoutALeaderAndAGapBetweenLooksStartTheClockAnew() {
        SwarmNode[] nodes = {manager(1), manager(2), gone(3), worker(4)};
        for (long gapSeconds : List.of(10L, 120L)) {
            NodeHistory history = NodeHistory.NONE;
            SwarmSnapshot look = look(START, nodes);
            for (long seconds = 0; seconds <= 280; seconds += 10) {
                look = look(START + Duration.ofSeconds(seconds).toNanos(), nodes);
                history = history.after(look);
            }
            if (gapSeconds == 10) {
                history = history.after(look(SwarmState.NO_LEADER, look.observedNanos()));
            }
            look = look(look.observedNanos() + Duration.ofSeconds(gapSeconds).toNanos(), nodes);
            history = history.after(look);
            assertThat(history.longBeing(NodeHistory.Health.GONE, nodes[2], look.observedNanos()))
                    .isZero();
        }
    }
}
