package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.Standing;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which node leaves and joins again, and which is left alone. */
class RejoinPolicyTest {

    private static final long NOW = Long.MIN_VALUE + 5;
    private static final OwnNode MANAGER = new OwnNode(true, "c1", "n1", "10.0.0.1", 2377, true, 0);
    private static final OwnNode WORKER = new OwnNode(true, "c1", "n1", "10.0.0.1", 2377, false, 0);
    private static final AdvertiseAddress USABLE = new AdvertiseAddress.Usable(InetAddress.ofLiteral("10.0.0.1"));

    /** What the tables vary; everything else is as it should be for a repair. */
    private static final class Given {
        RejoinMode mode = RejoinMode.AUTO;
        boolean channel = true;
        SwarmSnapshot look;
        OwnNode own = MANAGER;
        Lineage mine = Lineage.NONE;
        long theirEpoch;

        @Nullable
        Standing standing;

        Duration since = RejoinPolicy.GRACE;

        @Nullable
        List<Inventory.Item> lost = List.of();

        AdvertiseAddress advertise = USABLE;
        int repairs;

        Given(SwarmState state, Standing.@Nullable Kind kind) {
            look = state == SwarmState.HAS_LEADER ? Looks.look(NOW, Looks.manager(1)) : Looks.look(state, NOW);
            standing = kind == null ? null : new Standing(kind, false);
        }

        String plan() {
            AgentReport report = new AgentReport(
                    "b",
                    true,
                    SwarmState.HAS_LEADER,
                    0,
                    "n2",
                    "10.0.0.2",
                    "c1",
                    "n2",
                    new Lineage(theirEpoch, 0),
                    true);
            KeepPlan plan = RejoinPolicy.decide(new RejoinInputs(
                    mode,
                    channel,
                    look,
                    own,
                    mine,
                    standing == null ? null : new RejoinInputs.Survivor(report, standing),
                    NOW - since.toNanos(),
                    lost,
                    advertise,
                    repairs,
                    NOW));
            return plan.kind() + " " + plan.reasonLabel();
        }
    }

    static Stream<Arguments> standings() {
        return Stream.of(
                arguments(SwarmState.WORKER, Standing.Kind.LIMBO, "leave limbo"),
                arguments(SwarmState.WORKER, Standing.Kind.ABSENT, "nothing-to-do on-purpose"),
                // Only the API makes a worker of a manager.
                arguments(SwarmState.WORKER, Standing.Kind.WORKER, "nothing-to-do on-purpose"),
                arguments(SwarmState.WORKER, Standing.Kind.REACHABLE, "nothing-to-do leader-reaches-it"),
                // Raft counts it, and it may be about to come back.
                arguments(SwarmState.WORKER, Standing.Kind.UNREACHABLE, "wait grace"),
                // The measured one: "can't initialize raft node", for ever.
                arguments(SwarmState.BROKEN, Standing.Kind.UNREACHABLE, "leave error"),
                arguments(SwarmState.BROKEN, Standing.Kind.LIMBO, "leave error"),
                arguments(SwarmState.BROKEN, Standing.Kind.ABSENT, "nothing-to-do on-purpose"),
                // An error alone is no ground.
                arguments(SwarmState.BROKEN, Standing.Kind.REACHABLE, "nothing-to-do leader-reaches-it"),
                arguments(SwarmState.BROKEN, Standing.Kind.WORKER, "nothing-to-do on-purpose"),
                arguments(SwarmState.BROKEN, null, "refuse no-survivor"),
                arguments(SwarmState.WORKER, null, "refuse no-survivor"),
                arguments(SwarmState.NO_LEADER, Standing.Kind.ABSENT, "nothing-to-do engine-not-ready"),
                arguments(SwarmState.NO_LEADER, Standing.Kind.LIMBO, "nothing-to-do engine-not-ready"),
                arguments(SwarmState.NO_LEADER, Standing.Kind.UNREACHABLE, "nothing-to-do engine-not-ready"),
                arguments(SwarmState.NO_LEADER, null, "nothing-to-do engine-not-ready"),
                arguments(SwarmState.HAS_LEADER, null, "nothing-to-do as-it-should-be"),
                // Two leaders, and nobody knows which copy is the newer.
                arguments(SwarmState.HAS_LEADER, Standing.Kind.UNREACHABLE, "refuse forks-of-equal-age"),
                arguments(SwarmState.INACTIVE, Standing.Kind.ABSENT, "nothing-to-do on-purpose"),
                arguments(SwarmState.LOCKED, Standing.Kind.ABSENT, "nothing-to-do engine-not-ready"),
                arguments(SwarmState.DOCKER_DOWN, Standing.Kind.ABSENT, "nothing-to-do engine-not-ready"),
                arguments(SwarmState.STARTING, Standing.Kind.ABSENT, "nothing-to-do engine-not-ready"));
    }

    @ParameterizedTest
    @MethodSource("standings")
    void afterTwoMinutes(SwarmState state, Standing.@Nullable Kind kind, String plan) {
        assertThat(new Given(state, kind).plan()).isEqualTo(plan);
    }

    @ParameterizedTest
    @MethodSource("standings")
    void beforeThatNobodyLeaves(SwarmState state, Standing.@Nullable Kind kind, String plan) {
        Given given = new Given(state, kind);
        given.since = RejoinPolicy.GRACE.minusNanos(1);
        assertThat(given.plan()).isEqualTo(plan.startsWith("leave") ? "wait grace" : plan);
    }

    @ParameterizedTest
    @EnumSource(SwarmState.class)
    void aWorkerNeverLeaves(SwarmState state) {
        for (Standing.Kind kind : Standing.Kind.values()) {
            Given given = new Given(state, kind);
            given.own = WORKER;
            assertThat(given.plan()).doesNotStartWith("leave");
        }
    }

    @Test
    void whoeverWasDemotedAndRemovedOnPurposeStaysOut() {
        for (SwarmState state : List.of(SwarmState.WORKER, SwarmState.BROKEN, SwarmState.NO_LEADER)) {
            Given given = new Given(state, Standing.Kind.ABSENT);
            given.standing = new Standing(Standing.Kind.ABSENT, true);
            assertThat(given.plan()).startsWith("nothing-to-do");
        }
    }

    @Test
    void withoutAChannelNobodyLeaves() {
        Given given = new Given(SwarmState.WORKER, null);
        given.channel = false;
        assertThat(given.plan()).isEqualTo("refuse channel-missing");
    }

    @Test
    void aZombieIsNamed() {
        Given given = new Given(SwarmState.BROKEN, Standing.Kind.LIMBO);
        given.look = new SwarmSnapshot(SwarmState.BROKEN, "", null, "", "", List.of(), List.of(), null, NOW);
        assertThat(given.plan()).isEqualTo("refuse zombie");
    }

    /** The one with the older copy leaves, and the one with the newer does not. */
    @ParameterizedTest
    @CsvSource({
        "HAS_LEADER, 0, 1, UNREACHABLE, leave stale-fork",
        "HAS_LEADER, 1, 0, UNREACHABLE, nothing-to-do as-it-should-be",
        "HAS_LEADER, 1, 1, ABSENT, refuse forks-of-equal-age",
        "HAS_LEADER, 0, 1, REACHABLE, nothing-to-do as-it-should-be",
        "NO_LEADER, 0, 1, UNREACHABLE, leave stale-fork",
        "ELECTING, 0, 1, ABSENT, leave stale-fork",
        "NO_LEADER, 2, 1, UNREACHABLE, nothing-to-do engine-not-ready"
    })
    void forks(SwarmState state, long mine, long theirs, Standing.Kind kind, String plan) {
        Given given = new Given(state, kind);
        given.mine = new Lineage(mine, 0);
        given.theirEpoch = theirs;
        assertThat(given.plan()).isEqualTo(plan);
    }

    @Test
    void aForkThatHoldsSomethingIsKeptUnlessToldOtherwise() {
        Given given = new Given(SwarmState.HAS_LEADER, Standing.Kind.UNREACHABLE);
        given.theirEpoch = 1;
        given.lost = List.of(new Inventory.Item("service", "s1", "web", "", ""));
        assertThat(given.plan()).isEqualTo("refuse would-be-lost");
        given.lost = null;
        assertThat(given.plan()).isEqualTo("refuse inventory-unknown");
        given.mode = RejoinMode.FORCE;
        assertThat(given.plan()).isEqualTo("leave stale-fork");
    }

    @Test
    void aForkWithMoreManagersIsKept() {
        Given given = new Given(SwarmState.HAS_LEADER, Standing.Kind.UNREACHABLE);
        given.theirEpoch = 1;
        given.look = Looks.look(NOW, Looks.manager(1), Looks.manager(3), Looks.manager(4));
        assertThat(given.plan()).isEqualTo("refuse fork-is-a-quorum");
    }

    @Test
    void whatStopsARepairIsNamed() {
        Given off = new Given(SwarmState.WORKER, Standing.Kind.LIMBO);
        off.mode = RejoinMode.OFF;
        assertThat(off.plan()).isEqualTo("refuse rejoin-off");
        Given often = new Given(SwarmState.WORKER, Standing.Kind.LIMBO);
        often.repairs = RejoinPolicy.MAX_REPAIRS;
        assertThat(often.plan()).isEqualTo("refuse too-many-repairs");
        Given vip = new Given(SwarmState.WORKER, Standing.Kind.LIMBO);
        vip.advertise = new AdvertiseAddress.Unusable(HealRefusal.ADVERTISE_ADDRESS_IS_VIP, "10.0.0.70");
        assertThat(vip.plan()).isEqualTo("refuse advertise-address");
    }
}
