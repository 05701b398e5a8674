package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** This agent is a; the others are b and c. */
class BootstrapPolicyTest {

    private static final String CLEAN = "the engine is in no swarm";
    private static final AdvertiseAddress USABLE = new AdvertiseAddress.Usable(InetAddress.ofLiteral("10.0.0.1"));
    private static final List<String> ALL = List.of("a", "b", "c");

    private boolean bootstrap = true;
    private boolean master = true;
    private int configured = 3;
    private List<AgentReport> heard = List.of(fresh("b"), fresh("c"));
    private SwarmSnapshot seen = look(SwarmState.INACTIVE, CLEAN);
    private boolean everInSwarm;
    private boolean leftOnPurpose;
    private boolean begun;
    private boolean rejoining;
    private AdvertiseAddress advertise = USABLE;

    private static SwarmSnapshot look(SwarmState state, String detail) {
        return new SwarmSnapshot(state, detail, null, "", "", List.of(), List.of(), null, 0);
    }

    private static AgentReport fresh(String agent) {
        return report(agent, SwarmState.INACTIVE, "", "", false);
    }

    private static AgentReport report(String agent, SwarmState state, String node, String cluster, boolean ever) {
        return new AgentReport(agent, false, state, 0, node, "", cluster, "n1", Lineage.NONE, ever);
    }

    private KeepPlan plan() {
        return BootstrapPolicy.decide(new BootstrapPolicy.Inputs(
                bootstrap,
                master,
                configured,
                new Peers.Roster("a", "10.0.0.1", List.of("10.0.0.3:9652")),
                heard,
                seen,
                everInSwarm,
                leftOnPurpose,
                begun,
                rejoining,
                advertise,
                0));
    }

    private void is(String kind, String reason) {
        KeepPlan plan = plan();
        assertThat(plan.kind() + " " + plan.reasonLabel())
                .as(plan.explanation())
                .isEqualTo(kind + " " + reason);
    }

    @Test
    void theMasterMakesTheSwarmWhenEverybodyIsFresh() {
        is("init", "fresh-hosts");
    }

    @Test
    void switchedOffNothingIsDone() {
        bootstrap = false;
        is("nothing-to-do", "off");
    }

    @Test
    void theOthersWaitForTheMaster() {
        master = false;
        is("wait", "waiting-for-master");
    }

    @Test
    void whoeverHasBegunGoesOnAlsoWhenItIsNotMasterAnyMore() {
        master = false;
        begun = true;
        is("init", "fresh-hosts");
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void withoutAChannelItRefuses(int agents) {
        configured = agents;
        is("refuse", "channel-missing");
    }

    @Test
    void itIsSaidWhoIsMissing() {
        heard = List.of(fresh("b"));
        is("wait", "waiting-for-agents");
        assertThat(plan().explanation()).contains("2 of 3").contains("10.0.0.3:9652");
    }

    @Test
    void oneAgentTooManyIsNoGroundEither() {
        heard = List.of(fresh("b"), fresh("c"), fresh("d"));
        is("wait", "waiting-for-agents");
    }

    @ParameterizedTest
    @EnumSource(
            value = SwarmState.class,
            names = {"DOCKER_DOWN", "LOCKED", "STARTING", "BROKEN"})
    void aHostThatIsNotSimplyInNoSwarmHoldsItUp(SwarmState state) {
        heard = List.of(fresh("b"), report("c", state, "", "", false));
        is("wait", "waiting-for-hosts");
    }

    @Test
    void soDoesOneThatWasInASwarmBefore() {
        heard = List.of(fresh("b"), report("c", SwarmState.INACTIVE, "", "", true));
        is("wait", "waiting-for-hosts");
    }

    @Test
    void soDoesOneThatIsInASwarmWithoutALeader() {
        heard = List.of(fresh("b"), report("c", SwarmState.NO_LEADER, "n3", "", true));
        is("wait", "waiting-for-leader");
    }

    @Test
    void aHostThatWasInASwarmBeforeNeverMakesOne() {
        everInSwarm = true;
        is("refuse", "not-fresh");
        begun = true;
        is("refuse", "not-fresh");
    }

    @Test
    void anEngineWithAnErrorIsLeftAlone() {
        seen = look(SwarmState.INACTIVE, CLEAN + ": Swarm is encrypted and needs to be unlocked");
        is("refuse", "engine-not-clean");
    }

    @ParameterizedTest
    @EnumSource(
            value = SwarmState.class,
            names = {"INACTIVE"},
            mode = EnumSource.Mode.EXCLUDE)
    void onlyAnEngineInNoSwarmIsTouched(SwarmState state) {
        seen = look(state, "");
        assertThat(plan().kind()).isEqualTo("nothing-to-do");
    }

    @Test
    void whoeverIsThereIsJoinedMasterOrNotFreshOrNot() {
        heard = List.of(fresh("b"), report("c", SwarmState.HAS_LEADER, "n1", "c1", true));
        is("join", "swarm-exists");
        master = false;
        everInSwarm = true;
        is("join", "swarm-exists");
    }

    @Test
    void betweenTwoSwarmsNobodyChooses() {
        heard = List.of(
                report("b", SwarmState.HAS_LEADER, "n1", "c1", true),
                report("c", SwarmState.HAS_LEADER, "n1", "c2", true));
        is("refuse", "two-swarms");
    }

    @Test
    void whoeverWasTakenOutStaysOut() {
        heard = List.of(fresh("b"), report("c", SwarmState.HAS_LEADER, "n1", "c1", true));
        leftOnPurpose = true;
        is("nothing-to-do", "on-purpose");
    }

    @Test
    void oneThatRejoinsIsNotFresh() {
        rejoining = true;
        is("nothing-to-do", "rejoining");
    }

    @Test
    void withoutAnAddressToAdvertiseItRefuses() {
        advertise = new AdvertiseAddress.Unusable(HealRefusal.ADVERTISE_ADDRESS_IS_VIP, "10.0.0.70");
        is("refuse", "advertise-address");
    }

    // ---- what others are told

    private static BootstrapPolicy.Answer answer(Initiative held, BootstrapPolicy.Situation here) {
        return BootstrapPolicy.answer(held, "b", new PeerRequest.Bootstrap("n2", ALL, false), here);
    }

    private static BootstrapPolicy.Situation here(boolean fresh, boolean ready) {
        return new BootstrapPolicy.Situation(true, true, "a", Set.copyOf(ALL), fresh, ready);
    }

    private static void refuses(Initiative held, BootstrapPolicy.Situation here, String reason) {
        BootstrapPolicy.Answer answer = answer(held, here);
        assertThat(answer.initiative()).isEqualTo(held);
        assertThat(answer.reply())
                .isInstanceOfSatisfying(
                        PeerReply.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void whoeverIsFreshYieldsAndGivesUpItsOwnAttempt() {
        Initiative own = Initiative.NOBODY.claimed("a", "n1");
        Initiative toC = Initiative.NOBODY.yieldedTo("c", "n3");
        for (Initiative held : List.of(Initiative.NOBODY, own, toC)) {
            BootstrapPolicy.Answer answer = answer(held, here(true, false));
            assertThat(answer.reply()).isEqualTo(new PeerReply.Yielded("n2"));
            assertThat(answer.initiative().holds("n1")).isFalse();
            assertThat(answer.initiative().claimed("a", "n4").nonce()).isEqualTo("n4");
        }
    }

    @Test
    void whoeverHasBegunGoesBeforeAMasterWhoseTurnItIs() {
        BootstrapPolicy.Answer answer = BootstrapPolicy.answer(
                Initiative.NOBODY.claimed("a", "n1"),
                "b",
                new PeerRequest.Bootstrap("n2", ALL, true),
                here(true, true));
        assertThat(answer.reply()).isEqualTo(new PeerReply.Yielded("n2"));
    }

    @Test
    void everyRefusalHasItsName() {
        Initiative nobody = Initiative.NOBODY;
        refuses(nobody, new BootstrapPolicy.Situation(false, true, "a", Set.copyOf(ALL), true, false), "bootstrap-off");
        refuses(nobody, new BootstrapPolicy.Situation(true, false, "a", Set.copyOf(ALL), true, false), "other-agents");
        refuses(nobody, new BootstrapPolicy.Situation(true, true, "a", Set.of("a", "b"), true, false), "other-agents");
        refuses(nobody, here(false, false), "not-fresh");
        refuses(nobody.claimed("a", "n1").begun(), here(true, false), "init-under-way");
        refuses(nobody.claimed("a", "n1"), here(true, true), "others-turn");
    }

    // ---- who is let in, and as what

    @ParameterizedTest
    @CsvSource({
        // members, reached, target, agents, under way, entry
        "1, 1, 3, 3, false, MANAGER",
        "1, 1, 3, 3, true, LATER",
        "2, 2, 3, 3, false, MANAGER",
        "3, 3, 3, 5, false, WORKER",
        "3, 3, 3, 5, true, WORKER",
        "3, 3, 5, 5, false, MANAGER",
        "3, 3, 5, 4, false, WORKER",
        "1, 1, 3, 2, false, MANAGER",
        "1, 1, 1, 3, false, WORKER",
        "2, 1, 3, 3, false, WORKER",
        "3, 2, 5, 5, false, WORKER",
        "4, 3, 5, 5, false, MANAGER",
    })
    void managersUpToTheTargetOneAtATimeAndNeverAtTheCostOfTheQuorum(
            int members, int reached, int target, int agents, boolean underWay, BootstrapPolicy.Entry entry) {
        SwarmNode[] nodes = Stream.concat(
                        IntStream.rangeClosed(1, reached).mapToObj(Looks::manager),
                        IntStream.rangeClosed(reached + 1, members).mapToObj(Looks::gone))
                .toArray(SwarmNode[]::new);
        assertThat(BootstrapPolicy.entry(Looks.look(0, nodes), target, agents, underWay))
                .isEqualTo(entry);
    }
}
