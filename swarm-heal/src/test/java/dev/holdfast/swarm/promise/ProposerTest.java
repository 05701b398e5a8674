package dev.holdfast.swarm.promise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.Membership;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Agents that ask each other through the real asking and answering sides; a call between them is a method call. */
class ProposerTest {

    private static final Candidate COPY = new Candidate("node-a", "c", Lineage.NONE, Membership.UNKNOWN);

    /** Time stands still unless told. */
    private static final class Clock implements HealClock {
        long nanos = Long.MAX_VALUE - 1_000_000_000L;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void sleep(long howLong) {
            nanos += howLong;
        }
    }

    private static final class Agent implements Peers {
        final String name;
        final Map<String, Agent> all;
        final Clock clock;
        final PromiseDesk desk;
        final Acceptor acceptor;
        final Proposer proposer;
        final Set<String> silent = new HashSet<>();
        final List<PeerRequest> received = new ArrayList<>();
        int configured = 3;
        String node;

        @Nullable
        SwarmState state = SwarmState.NO_LEADER;

        Agent(String name, Map<String, Agent> all, Clock clock) {
            this.name = name;
            this.node = "node-" + name;
            this.all = all;
            this.clock = clock;
            desk = new PromiseDesk(new MemoryStore(), clock);
            acceptor = new Acceptor(
                    this, desk, this::view, (from, request) -> new PeerReply.Refused("other", from + request));
            proposer = new Proposer(this, desk, clock, new Random(1), Runnable::run);
            all.put(name, this);
        }

        View view() {
            return new View(state, node, "c", Lineage.NONE);
        }

        Candidate copy() {
            return new Candidate("node-" + name, "c", Lineage.NONE, Membership.UNKNOWN);
        }

        @Override
        public int configured() {
            return configured;
        }

        @Override
        public boolean counts(String agent) {
            return !agent.startsWith("found");
        }

        @Override
        public List<Heard> heard() {
            return all.keySet().stream()
                    .filter(n -> !n.equals(name))
                    .map(n -> new Heard(
                            new AgentReport(n, false, SwarmState.NO_LEADER, 0, "", "", "c", "", Lineage.NONE, true),
                            clock.nanos()
                                    - (n.startsWith("gone")
                                            ? Duration.ofMinutes(1).toNanos()
                                            : 0)))
                    .toList();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            assertThat(agent).doesNotStartWith("gone");
            if (silent.contains(agent)) {
                return new PeerReply.NoAnswer("cut off");
            }
            Agent other = all.get(agent);
            if (other == null) {
                throw new IllegalStateException("no agent " + agent);
            }
            other.received.add(request);
            return other.acceptor.answer(name, request);
        }
    }

    private final Clock clock = new Clock();
    private final Map<String, Agent> all = new TreeMap<>();
    private final Agent a = new Agent("a", all, clock);
    private final Agent b = new Agent("b", all, clock);
    private final Agent c = new Agent("c", all, clock);

    private static HealRefusal refused(Ruling ruling) {
        assertThat(ruling).isInstanceOf(Ruling.Refused.class);
        return ((Ruling.Refused) ruling).reason();
    }

    private static Ruling.Majority majority(Ruling ruling) {
        assertThat(ruling).isInstanceOf(Ruling.Majority.class);
        return (Ruling.Majority) ruling;
    }

    private void pause() {
        clock.nanos += Duration.ofSeconds(10).toNanos();
    }

    @Test
    void aMajorityLetsOneCallBeMade() {
        a.silent.add("c");
        Ruling.Majority majority = majority(a.proposer.ask(COPY, a.view()));
        assertThat(majority.agents()).containsExactly("b");
        assertThat(majority.epoch()).isEqualTo(1);
        assertThat(a.proposer.begin(majority)).isNull();
        assertThat(a.proposer.begin(majority)).as("once").isEqualTo(HealRefusal.EPOCH_PASSED);
        // After the call nothing is given up, and the other side gets nothing.
        a.proposer.release();
        assertThat(refused(b.proposer.ask(b.copy(), b.view()))).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
        assertThat(refused(c.proposer.ask(c.copy(), c.view()))).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
    }

    @Test
    void anOldMajorityIsNone() {
        Ruling.Majority majority = majority(a.proposer.ask(COPY, a.view()));
        clock.nanos += Ruling.Majority.VALID.toNanos() - 1;
        assertThat(majority.isValid(clock.nanos())).isTrue();
        clock.nanos += 1;
        assertThat(a.proposer.begin(majority)).isEqualTo(HealRefusal.MAJORITY_EXPIRED);
    }

    @Test
    void whatWasGivenUpCannotBeCalled() {
        Ruling.Majority majority = majority(a.proposer.ask(COPY, a.view()));
        a.proposer.release();
        assertThat(a.proposer.begin(majority)).isEqualTo(HealRefusal.EPOCH_PASSED);
        assertThat(majority(b.proposer.ask(b.copy(), b.view())).epoch()).isEqualTo(2);
    }

    @Test
    void whoWasOutOfReachIsToldLaterThatAPromiseIsFreeAndNobodyIsToldTwice() {
        a.silent.add("c");
        majority(a.proposer.ask(COPY, a.view()));
        a.silent.add("b");
        a.proposer.release();
        pause();
        assertThat(refused(c.proposer.ask(c.copy(), c.view()))).isEqualTo(HealRefusal.PROMISE_OUTSTANDING);
        a.silent.clear();
        a.proposer.release();
        pause();
        majority(c.proposer.ask(c.copy(), c.view()));
        b.received.clear();
        c.received.clear();
        a.proposer.release();
        assertThat(b.received).isEmpty();
        assertThat(c.received).isEmpty();
    }

    @Test
    void withoutAMajorityNothingStaysPromisedAndNobodyIsAskedForAWhile() {
        a.silent.add("b");
        a.silent.add("c");
        Ruling ruling = a.proposer.ask(COPY, a.view());
        assertThat(refused(ruling)).isEqualTo(HealRefusal.NO_MAJORITY);
        assertThat(((Ruling.Refused) ruling).detail())
                .contains("1 of 3 agents promised, 2 needed")
                .contains("b: no answer, cut off");
        a.silent.clear();
        assertThat(a.proposer.ask(COPY, a.view())).isEqualTo(ruling);
        assertThat(b.received).isEmpty();
        majority(b.proposer.ask(b.copy(), b.view()));
    }

    @Test
    void oneThatSeesALeaderIsEnough() {
        c.state = SwarmState.HAS_LEADER;
        Ruling ruling = a.proposer.ask(COPY, a.view());
        assertThat(refused(ruling)).isEqualTo(HealRefusal.PEER_SEES_LEADER);
        c.state = SwarmState.DOCKER_DOWN;
        // What B had promised was given back.
        b.silent.add("a");
        Ruling.Majority other = majority(b.proposer.ask(b.copy(), b.view()));
        assertThat(other.agents()).containsExactly("c");
        b.silent.clear();
        b.proposer.release();
        pause();
        majority(a.proposer.ask(COPY, a.view()));
    }

    @Test
    void oneThatIsNotSureIsNotCountedAndNoHindrance() {
        c.state = null;
        assertThat(majority(a.proposer.ask(COPY, a.view())).agents()).containsExactly("b");
    }

    @Test
    void itPromisesItselfUnderTheSameRules() {
        a.state = SwarmState.ELECTING;
        assertThat(refused(a.proposer.ask(COPY, a.view()))).isEqualTo(HealRefusal.PEER_NOT_SURE);
        assertThat(b.received).isEmpty();
    }

    @Test
    void anEpochThatIsPassedIsFollowedByTheNextAtOnce() {
        b.desk.heardOf(40);
        c.desk.heardOf(40);
        assertThat(majority(a.proposer.ask(COPY, a.view())).epoch()).isEqualTo(41);
    }

    @Test
    void foundAgentsBelongToNoMajorityAndMissingOnesAreNotAsked() {
        new Agent("found", all, clock);
        new Agent("gone", all, clock);
        a.silent.add("b");
        a.silent.add("c");
        assertThat(refused(a.proposer.ask(COPY, a.view()))).isEqualTo(HealRefusal.NO_MAJORITY);
    }

    @Test
    void withoutOthersThereIsNoMajority() {
        a.configured = 0;
        assertThat(refused(a.proposer.ask(COPY, a.view()))).isEqualTo(HealRefusal.PEER_CHANNEL_MISSING);
        pause();
        a.configured = 1;
        assertThat(refused(a.proposer.ask(COPY, a.view()))).isEqualTo(HealRefusal.PEERS_TOO_FEW);
        pause();
        a.configured = 5;
        assertThat(refused(a.proposer.ask(COPY, a.view()))).isEqualTo(HealRefusal.PEERS_DIFFER);
    }

    /** A copy of A's that has these other managers. */
    private static Candidate copyWith(String... nodes) {
        List<Manager> managers =
                Stream.of(nodes).map(id -> new Manager(id, id, null, "", false)).toList();
        return new Candidate("node-a", "c", Lineage.NONE, new Membership(List.of(managers)));
    }

    @Test
    void mostAgentsAreNotEnoughWhereTheyHaveNoPartInTheClusterAndItsOthersMayBeAQuorum() {
        // As after a force and before all are back: of three agents two answer, of the three managers one.
        b.node = "of an older copy";
        a.silent.add("c");
        Ruling ruling = a.proposer.ask(copyWith("node-c", "node-d"), a.view());
        assertThat(refused(ruling)).isEqualTo(HealRefusal.BYSTANDERS);
        assertThat(((Ruling.Refused) ruling).detail())
                .isEqualTo(
                        "2 of 3 agents promised, 1 of them with a part in this cluster, and 2 of its 3 managers did not");
        // Nothing stays promised.
        majority(b.proposer.ask(b.copy(), b.view()));
    }

    @Test
    void promisesCountAsBeforeWhereTooFewManagersAreSilentToBeAQuorum() {
        b.node = "of an older copy";
        a.silent.add("c");
        majority(a.proposer.ask(copyWith("node-c"), a.view()));
    }

    @Test
    void aMemberCountsAlthoughItsEngineIsDownAndAWorkerBecauseItWasPutThereToCount() {
        b.state = SwarmState.DOCKER_DOWN;
        c.state = SwarmState.WORKER;
        c.node = "a worker";
        a.configured = 5;
        b.configured = 5;
        c.configured = 5;
        majority(a.proposer.ask(copyWith("node-b", "node-d", "node-e", "node-f"), a.view()));
        a.proposer.release();
        // One of the managers that was made a worker meanwhile counts once.
        c.node = "node-b";
        assertThat(refused(a.proposer.ask(copyWith("node-b", "node-d", "node-e", "node-f"), a.view())))
                .isEqualTo(HealRefusal.BYSTANDERS);
        pause();
        c.node = "in no Swarm";
        c.state = SwarmState.INACTIVE;
        assertThat(refused(a.proposer.ask(copyWith("node-b", "node-d", "node-e", "node-f"), a.view())))
                .isEqualTo(HealRefusal.BYSTANDERS);
    }

    @Test
    void whatIsNotAboutPromisesIsLeftToTheNext() {
        assertThat(a.acceptor.answer("b", new PeerRequest.Heal())).isInstanceOf(PeerReply.Refused.class);
    }
}
