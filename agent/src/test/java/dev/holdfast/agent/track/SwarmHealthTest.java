package dev.holdfast.agent.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.Fixtures;
import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.SwarmTracking;
import dev.holdfast.agent.config.SwarmTracking.Condition;
import dev.holdfast.agent.config.TrackConfig;
import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a look at the Swarm makes of a virtual router. */
@Timeout(60)
class SwarmHealthTest {
    private static final Set<Condition> ALL = EnumSet.allOf(Condition.class);

    private static SwarmTracking tracking(Set<Condition> require, int weight, int leaderWeight, Integer... ports) {
        return new SwarmTracking(require, List.of(ports), 2, 3, weight, leaderWeight);
    }

    private static SwarmSnapshot look(long nanos, SwarmState state, @Nullable EngineFault fault, SwarmNode... nodes) {
        List<Manager> managers = List.of(nodes).stream()
                .map(SwarmNode::manager)
                .filter(manager -> manager != null)
                .toList();
        return new SwarmSnapshot(state, "said so", fault, "me", "10.0.0.1", managers, List.of(nodes), null, nanos);
    }

    private static SwarmNode me(String state, String availability, boolean leader) {
        return new SwarmNode(
                "me", "a", "manager", availability, state, "10.0.0.1", 7, new Manager("me", "a", null, "", leader));
    }

    private static SwarmNode other(boolean leader) {
        return new SwarmNode(
                "other", "b", "manager", "active", "ready", "10.0.0.2", 7, new Manager("other", "b", null, "", leader));
    }

    private static String verdict(Optional<Reading> reading) {
        return reading.map(r -> r.success() ? "well" : "ill").orElse("unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "ready,        active, well,    well",
        "ready,        pause,  well,    well",
        "ready,        drain,  ill,     ill",
        "down,         active, ill,     ill",
        "disconnected, active, ill,     ill",
        "unknown,      active, well,    well",
    })
    void theLeadersWordOnThisNodeCounts(String state, String availability, String on, String all) {
        SwarmSnapshot seen = look(1, SwarmState.HAS_LEADER, null, me(state, availability, false), other(true));
        assertThat(verdict(SwarmHealth.health(new SwarmLooks.Look(seen, false), SwarmTracking.ON, _ -> false)))
                .isEqualTo(on);
        assertThat(verdict(SwarmHealth.health(new SwarmLooks.Look(seen, false), tracking(ALL, -50, 0), _ -> false)))
                .isEqualTo(all);
        assertThat(verdict(SwarmHealth.health(
                        new SwarmLooks.Look(seen, false), tracking(Set.of(Condition.DOCKER), 0, 0), _ -> false)))
                .isEqualTo("well");
    }

    @ParameterizedTest
    @CsvSource({
        "DOCKER_DOWN, NOT_RUNNING,       ill,     ill",
        "DOCKER_DOWN, NO_ANSWER,         ill,     ill",
        "DOCKER_DOWN, PERMISSION_DENIED, unknown, unknown",
        "DOCKER_DOWN, NOT_UNDERSTOOD,    unknown, unknown",
        "INACTIVE,    ,                  ill,     ill",
        "LOCKED,      ,                  ill,     ill",
        "BROKEN,      ,                  ill,     ill",
        "STARTING,    ,                  unknown, unknown",
        "ELECTING,    ,                  unknown, unknown",
        "NO_LEADER,   ,                  well,    ill",
        "WORKER,      ,                  well,    ill",
        "HAS_LEADER,  ,                  ill,     ill",
    })
    void theStateCounts(SwarmState state, @Nullable EngineFault fault, String on, String all) {
        // With a leader that names no node at all: this one was removed.
        SwarmSnapshot seen = look(1, state, fault);
        assertThat(verdict(SwarmHealth.health(new SwarmLooks.Look(seen, false), SwarmTracking.ON, _ -> true)))
                .isEqualTo(on);
        assertThat(verdict(SwarmHealth.health(new SwarmLooks.Look(seen, false), tracking(ALL, -50, 0), _ -> true)))
                .isEqualTo(all);
    }

    @Test
    void beforeItsFirstSwarmAHostIsWellForElseNobodyCouldMakeIt() {
        SwarmSnapshot seen = look(1, SwarmState.INACTIVE, null);
        assertThat(verdict(SwarmHealth.health(new SwarmLooks.Look(seen, true), tracking(ALL, -50, 0, 80), _ -> false)))
                .isEqualTo("well");
    }

    @ParameterizedTest
    @EnumSource(SwarmState.class)
    void aSilentPortCountsOnlyWhereTheSwarmCanHelpIt(SwarmState state) {
        SwarmSnapshot seen = look(1, state, null, me("ready", "active", false), other(true));
        SwarmTracking tracking = tracking(Set.of(Condition.DOCKER), 0, 0, 80, 443);
        String verdict = verdict(SwarmHealth.health(new SwarmLooks.Look(seen, false), tracking, port -> port == 80));
        assertThat(verdict)
                .isEqualTo(
                        switch (state) {
                            case HAS_LEADER, WORKER -> "ill";
                            case NO_LEADER -> "well";
                            case DOCKER_DOWN, INACTIVE, LOCKED, STARTING, ELECTING, BROKEN -> "unknown";
                        });
    }

    @Test
    void theLeaderIsToldFromTheOthersAndTheLastOneStaysItWithoutAnother() {
        assertThat(verdict(SwarmHealth.leader(
                        look(1, SwarmState.HAS_LEADER, null, me("ready", "active", true), other(false)))))
                .isEqualTo("well");
        assertThat(verdict(SwarmHealth.leader(
                        look(1, SwarmState.HAS_LEADER, null, me("ready", "active", false), other(true)))))
                .isEqualTo("ill");
        assertThat(verdict(SwarmHealth.leader(look(1, SwarmState.NO_LEADER, null))))
                .isEqualTo("unknown");
        assertThat(verdict(SwarmHealth.leader(look(1, SwarmState.ELECTING, null))))
                .isEqualTo("unknown");
        assertThat(verdict(SwarmHealth.leader(look(1, SwarmState.WORKER, null))))
                .isEqualTo("ill");
    }

    /** An instance of priority 100 that follows a Swarm. */
    private static final class Followed implements AutoCloseable {
        private final SwarmLooks looks = new SwarmLooks();
        private final Trackers trackers = new Trackers((_, _) -> {}, new Interfaces(), looks);
        private long nanos;

        Followed(SwarmTracking tracking) {
            TrackConfig track =
                    new TrackConfig(List.of(), List.of(), List.of(), List.of(), List.of(), Optional.of(tracking));
            trackers.apply(new VrrpConfig(
                    List.of(new InstanceConfig(Fixtures.spec("VI_1", 51, 100), track, NotifyConfig.NONE)), List.of()));
        }

        /** Shows the same again and again, until that comes of it. */
        void seeUntil(EffectivePriority wanted, SwarmState state, SwarmNode... nodes) {
            await().until(() -> {
                looks.looked(look(++nanos, state, null, nodes), true);
                return trackers.effective("VI_1", 100).equals(wanted);
            });
        }

        @Override
        public void close() {
            trackers.close();
        }
    }

    private static EffectivePriority priority(int priority) {
        return new EffectivePriority(priority, List.of());
    }

    private static EffectivePriority fault() {
        return new EffectivePriority(100, List.of("swarm health"));
    }

    @Test
    void whatWasHeldAgainstAHostIsForgottenOnceTheSwarmHasNoLeaderSoThatSomebodyCanHeal() {
        try (Followed host = new Followed(SwarmTracking.ON)) {
            host.seeUntil(fault(), SwarmState.HAS_LEADER, me("down", "active", false), other(true));
            host.seeUntil(priority(100), SwarmState.NO_LEADER);
        }
        try (Followed host = new Followed(tracking(Set.of(Condition.DOCKER, Condition.READY), 0, 0, 1))) {
            // Nobody listens on port 1.
            host.seeUntil(fault(), SwarmState.HAS_LEADER, me("ready", "active", false), other(true));
            host.seeUntil(priority(100), SwarmState.NO_LEADER);
        }
    }

    @Test
    void aLostLeaderIsAWeightAtMost() {
        try (Followed host = new Followed(tracking(ALL, -50, 0))) {
            host.seeUntil(priority(50), SwarmState.NO_LEADER);
            host.seeUntil(priority(100), SwarmState.HAS_LEADER, me("ready", "active", false), other(true));
            host.seeUntil(priority(50), SwarmState.HAS_LEADER, me("ready", "drain", false), other(true));
        }
    }

    @Test
    void theLeaderWeighsMore() {
        try (Followed host = new Followed(tracking(Set.of(Condition.DOCKER), 0, 10))) {
            host.seeUntil(priority(110), SwarmState.HAS_LEADER, me("ready", "active", true), other(false));
            host.seeUntil(priority(100), SwarmState.HAS_LEADER, me("ready", "active", false), other(true));
        }
    }
}
