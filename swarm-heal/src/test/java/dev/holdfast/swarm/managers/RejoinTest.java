package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A manager that fell out, n1, and the agent beside the leader, n2, in one process. */
class RejoinTest {

    private static final SwarmNode[] BEFORE = {Looks.manager(1, "reachable", false), Looks.manager(2, "reachable", true)
    };

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final FakeAdministration fallen = new FakeAdministration();
    private final FakeAdministration leaders = new FakeAdministration();
    private boolean hearing = true;
    private String asking = "a";
    private Lineage leadersLineage = Lineage.NONE;
    private Keepers leader;
    private Keepers keepers;

    private final Peers toLeader = new Peers() {
        @Override
        public int configured() {
            return 2;
        }

        @Override
        public List<Heard> heard() {
            AgentReport report = new AgentReport(
                    "b", true, SwarmState.HAS_LEADER, 0, "n2", "10.0.0.2", "c1", "n2", leadersLineage, true);
            return hearing ? List.of(new Heard(report, clock.nanos())) : List.of();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            return hearing ? leader.answer(asking, request) : new PeerReply.NoAnswer("silent");
        }
    };

    private final Peers toFallen = new Peers() {
        @Override
        public int configured() {
            return 2;
        }

        @Override
        public boolean counts(String agent) {
            return agent.equals("a");
        }

        @Override
        public List<Heard> heard() {
            return List.of();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            return new PeerReply.NoAnswer("silent");
        }
    };

    @BeforeEach
    void start() {
        leader = new Keepers(
                ManagersConfig.defaults(),
                Looks.SWARM,
                Looks.ports(leaders, toFallen, clock),
                directory.resolve("leader"));
        keepers = restarted();
        round(Looks.look(clock.nanos(), BEFORE), BEFORE);
    }

    private Keepers restarted() {
        return new Keepers(
                ManagersConfig.defaults(),
                Looks.SWARM,
                Looks.ports(fallen, toLeader, clock),
                directory.resolve("fallen"));
    }

    /** The leader lists the nodes, and the fallen one sees what it sees. */
    private String round(SwarmSnapshot seen, SwarmNode... listed) {
        leader.attend(Looks.round(Looks.lookOf(2, clock.nanos(), listed), true));
        keepers.attend(Looks.round(seen, false));
        clock.advance(Duration.ofSeconds(2));
        return keepers.status().tasks().stream()
                .filter(task -> task.task() == KeepTask.REJOIN)
                .map(ManagersStatus.Task::reason)
                .findFirst()
                .orElseThrow();
    }

    private String rounds(Duration howLong, SwarmState state, SwarmNode... listed) {
        String reason = "";
        for (long seconds = 0; seconds < howLong.toSeconds(); seconds += 2) {
            reason = round(Looks.look(state, clock.nanos()), listed);
        }
        return reason;
    }

    private static SwarmNode[] limbo() {
        return new SwarmNode[] {Looks.outside(1, "ready"), Looks.manager(2, "reachable", true)};
    }

    @Test
    void limboIsLeftAfterTwoMinutesAndTheWayBackIsThere() throws Exception {
        assertThat(rounds(Duration.ofMinutes(2), SwarmState.WORKER, limbo())).isEqualTo("grace");
        assertThat(fallen.calls).isEmpty();
        rounds(Duration.ofSeconds(2), SwarmState.WORKER, limbo());
        assertThat(fallen.calls).containsExactly("leave");
        assertThat(rounds(Duration.ofSeconds(2), SwarmState.INACTIVE, limbo())).isEqualTo("rejoining");
        assertThat(fallen.calls).containsExactly("leave", "join M [10.0.0.2:2377] 10.0.0.1:2377");
        assertThat(Files.readString(directory.resolve("fallen").resolve(KeepJournal.FILE)))
                .contains("\"leave\"")
                .contains("\"join\"")
                .doesNotContain("\"M\"");
    }

    @Test
    void anAgentThatEndsInBetweenGoesOn() {
        rounds(Duration.ofSeconds(122), SwarmState.WORKER, limbo());
        keepers = restarted();
        rounds(Duration.ofSeconds(2), SwarmState.INACTIVE, limbo());
        assertThat(fallen.calls).hasSize(2).last().asString().startsWith("join M");
    }

    @Test
    void aJoinThatFailsIsTriedAgainAfterAPause() {
        rounds(Duration.ofSeconds(122), SwarmState.WORKER, limbo());
        fallen.answer = _ -> new ApiReply.Refused<>(503, "timeout");
        rounds(Duration.ofSeconds(30), SwarmState.INACTIVE, limbo());
        assertThat(fallen.calls).hasSize(2);
        assertThat(keepers.status().tasks())
                .anyMatch(task -> task.reason().equals("call-failed")
                        && task.explanation().contains("the engine answered 503: timeout"));
        rounds(Duration.ofSeconds(4), SwarmState.INACTIVE, limbo());
        assertThat(fallen.calls).hasSize(3);
    }

    @Test
    void thePauseBetweenJoinsGrowsUpToTenMinutes() {
        rounds(Duration.ofSeconds(122), SwarmState.WORKER, limbo());
        fallen.answer = _ -> new ApiReply.Refused<>(503, "timeout");
        List<Long> pauses = new ArrayList<>();
        long last = clock.nanos();
        rounds(Duration.ofSeconds(2), SwarmState.INACTIVE, limbo());
        while (pauses.size() < 8) {
            int tried = fallen.calls.size();
            long begun = clock.nanos();
            rounds(Duration.ofSeconds(2), SwarmState.INACTIVE, limbo());
            if (fallen.calls.size() > tried) {
                pauses.add(Duration.ofNanos(begun - last).toSeconds());
                last = begun;
            }
        }
        assertThat(pauses).containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L, 600L);
    }

    @Test
    void oneThatRejoinsByItselfIsLeftAlone() {
        rounds(Duration.ofSeconds(100), SwarmState.WORKER, limbo());
        round(Looks.look(clock.nanos(), BEFORE), BEFORE);
        rounds(Duration.ofSeconds(100), SwarmState.WORKER, limbo());
        assertThat(fallen.calls).isEmpty();
    }

    @Test
    void whoeverWasDemotedByAPersonIsLeftAloneAlsoWhenItIsRemoved() {
        SwarmNode[] demoted = {Looks.worker(1), Looks.manager(2, "reachable", true)};
        // It takes the leader's word that it is a worker, and remembers it.
        assertThat(rounds(Duration.ofMinutes(10), SwarmState.WORKER, demoted)).isEqualTo("never-a-manager");
        assertThat(rounds(Duration.ofMinutes(10), SwarmState.WORKER, Looks.manager(2, "reachable", true)))
                .isEqualTo("never-a-manager");
        assertThat(fallen.calls).isEmpty();
    }

    @Test
    void oneThatIsNotListedWithoutAForceWasRemovedOnPurpose() {
        assertThat(rounds(Duration.ofMinutes(10), SwarmState.WORKER, Looks.manager(2, "reachable", true)))
                .isEqualTo("on-purpose");
        assertThat(fallen.calls).isEmpty();
    }

    @Test
    void oneThatTheLeaderHasLostByAForceIsEvictedAndReturns() {
        leadersLineage = new Lineage(1, 0);
        rounds(Duration.ofSeconds(122), SwarmState.WORKER, Looks.manager(2, "reachable", true));
        assertThat(fallen.calls).containsExactly("leave");
    }

    @Test
    void withoutTheTokenNobodyLeaves() {
        leaders.tokens = new ApiReply.Refused<>(503, "no");
        assertThat(rounds(Duration.ofMinutes(10), SwarmState.WORKER, limbo())).isEqualTo("no-token");
        assertThat(fallen.calls).isEmpty();
    }

    @Test
    void withoutAnotherAgentNobodyLeaves() {
        hearing = false;
        assertThat(rounds(Duration.ofMinutes(10), SwarmState.WORKER, limbo())).isEqualTo("no-survivor");
        assertThat(fallen.calls).isEmpty();
    }

    @Test
    void theTokenIsForAManagerThatFellOutAndForNobodyElse() {
        rounds(Duration.ofSeconds(2), SwarmState.WORKER, limbo());
        assertThat(leader.answer("a", new PeerRequest.Tokens("c1", "n1"))).isInstanceOf(PeerReply.Tokens.class);
        for (PeerRequest.Tokens refused : List.of(
                new PeerRequest.Tokens("c1", "n2"),
                new PeerRequest.Tokens("c1", "stranger"),
                new PeerRequest.Tokens("c1", ""),
                new PeerRequest.Tokens("c2", "n1"))) {
            assertThat(leader.answer("a", refused)).as("%s", refused).isInstanceOf(PeerReply.Refused.class);
        }
        assertThat(leader.answer("stranger", new PeerRequest.Tokens("c1", "n1")))
                .isInstanceOf(PeerReply.Refused.class);
        clock.advance(Duration.ofMinutes(1));
        assertThat(leader.answer("a", new PeerRequest.Tokens("c1", "n1")))
                .as("an old look is no ground")
                .isInstanceOf(PeerReply.Refused.class);
    }

    @Test
    void theOldEntryGoesOnceItIsDownAndTheNewOneIsReady() {
        SwarmNode old = Looks.gone(1);
        SwarmNode fresh = new SwarmNode(
                "n9",
                "host1",
                "manager",
                "active",
                "ready",
                "10.0.0.1",
                12,
                new dev.holdfast.swarm.Manager(
                        "n9", "host1", new dev.holdfast.swarm.Endpoint("10.0.0.1", 2377), "reachable", false));
        rounds(Duration.ofSeconds(30), SwarmState.WORKER, old, fresh, Looks.manager(2, "reachable", true));
        assertThat(leaders.calls).isEmpty();
        rounds(Duration.ofSeconds(2), SwarmState.WORKER, old, fresh, Looks.manager(2, "reachable", true));
        assertThat(leaders.calls).containsExactly("n1 worker");
        SwarmNode demoted = Looks.worker(1, "active", "down");
        rounds(Duration.ofSeconds(2), SwarmState.WORKER, demoted, fresh, Looks.manager(2, "reachable", true));
        assertThat(leaders.calls).containsExactly("n1 worker", "remove n1 false");
    }

    /** As a join that fails leaves it. */
    @Test
    void anEntryOfANodeThatNeverCameGoesAfterTenMinutes() {
        SwarmNode self = Looks.manager(2, "reachable", true);
        SwarmNode ghost = new SwarmNode("n9", "", "manager", "active", "unknown", "", 12, null);
        rounds(Duration.ofMinutes(10), SwarmState.WORKER, ghost, self);
        assertThat(leaders.calls).isEmpty();
        rounds(Duration.ofSeconds(4), SwarmState.WORKER, ghost, self);
        assertThat(leaders.calls).startsWith("remove n9 false");
    }

    @ParameterizedTest
    @MethodSource("thatCame")
    void whoeverHasEverComeStays(SwarmNode node) {
        rounds(Duration.ofMinutes(20), SwarmState.WORKER, node, Looks.manager(2, "reachable", true));
        assertThat(leaders.calls).isEmpty();
    }

    static Stream<SwarmNode> thatCame() {
        return Stream.of(
                new SwarmNode("n9", "host9", "manager", "active", "unknown", "", 12, null),
                new SwarmNode("n9", "", "manager", "active", "unknown", "10.0.0.9", 12, null),
                new SwarmNode("n9", "", "worker", "active", "down", "", 12, null),
                new SwarmNode("n9", "", "manager", "active", "ready", "", 12, null));
    }

    @Test
    void anEntryWithoutASuccessorOrThatIsReachedStays() {
        rounds(Duration.ofMinutes(10), SwarmState.WORKER, Looks.gone(1), Looks.manager(2, "reachable", true));
        rounds(Duration.ofMinutes(10), SwarmState.WORKER, Looks.worker(4), Looks.manager(2, "reachable", true));
        assertThat(leaders.calls).isEmpty();
    }
}
