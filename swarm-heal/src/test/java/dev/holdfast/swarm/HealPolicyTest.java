package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.peer.Lineage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each gate by itself: a situation in which everything speaks for a force, and one thing changed. */
class HealPolicyTest {

    private static final long SECOND = 1_000_000_000L;

    /** A situation to change; as it is made, two managers have lost their leader for good and every gate is open. */
    static final class Situation {
        long now = Long.MIN_VALUE + 1_000 * SECOND;
        boolean enabled = true;
        HealMode mode = HealMode.GUARDED;
        List<Witness> witnesses = List.of();

        @Nullable
        Long masterSince = now - 300 * SECOND;

        SwarmObservation observation = Swarms.noLeader(2);
        boolean neverLooked;
        long observedAt = now;
        long stateSince = now - 40 * SECOND;

        @Nullable
        Long graceUntil;

        List<Manager> byLeader = Swarms.managers(2, 2);
        List<Manager> byEngine = Swarms.managers(2, 0);

        @Nullable
        ClusterFacts cluster = Swarms.CLUSTER;

        boolean noEvidence;
        long gatheredAt = now;
        Map<Endpoint, Evidence.Sighting> sightings = new HashMap<>();
        WitnessProbe.Outcome witness = WitnessProbe.Outcome.ANSWERED;

        @Nullable
        String advertise;

        PeerEvidence peers = PeerEvidence.NONE;
        String nodeAddress = "10.0.0.1";
        Attempts attempts = Attempts.NONE;

        Situation() {
            managers(2);
        }

        /** That many managers, of which no other ever answered. */
        void managers(int count) {
            observation = Swarms.noLeader(count);
            byLeader = Swarms.managers(count, 2);
            byEngine = Swarms.managers(count, 0);
            sightings.clear();
            for (int i = 2; i <= count; i++) {
                sightings.put(Swarms.endpoint(i), Evidence.Sighting.NEVER);
            }
        }

        void answering(int... numbers) {
            for (int number : numbers) {
                sightings.put(Swarms.endpoint(number), Evidence.Sighting.at(now));
            }
        }

        void back(int number, long agoSeconds) {
            sightings.put(Swarms.endpoint(number), new Evidence.Sighting(true, now, "", now - agoSeconds * SECOND));
        }

        void forcedBefore(int count, long agoSeconds, ForceResult result, long pauseSeconds) {
            for (int i = 0; i < count; i++) {
                attempts = attempts.with(new Attempts.Call(now - agoSeconds * SECOND, result, pauseSeconds * SECOND));
            }
        }

        HealPlan plan() {
            HealConfig defaults = HealConfig.defaults();
            HealConfig config = new HealConfig(
                    mode,
                    defaults.hold(),
                    witnesses,
                    defaults.backoffMin(),
                    defaults.backoffMax(),
                    defaults.maxAttempts(),
                    defaults.cooldown(),
                    defaults.bootGrace());
            List<WitnessProbe.Answer> answers = new ArrayList<>();
            config.effectiveWitnesses().forEach(w -> answers.add(new WitnessProbe.Answer(w, witness, w + " asked")));
            return HealPolicy.decide(new HealInputs(
                    enabled,
                    config,
                    masterSince,
                    neverLooked ? null : SwarmClassifier.classify(observation, observedAt),
                    stateSince,
                    graceUntil,
                    Membership.of("m1", byLeader, byEngine),
                    cluster,
                    noEvidence ? null : new Evidence(gatheredAt, sightings, answers),
                    peers,
                    AdvertiseAddress.choose(
                            advertise == null ? null : Swarms.ip(advertise),
                            nodeAddress,
                            Set.of(Swarms.ip("10.0.0.1"), Swarms.ip("10.0.0.70"), Swarms.ip("127.0.0.1")),
                            Set.of(Swarms.ip("10.0.0.70"))),
                    attempts,
                    now));
        }
    }

    record Row(String name, Consumer<Situation> change, String kind, String reason) {
        @Override
        public String toString() {
            return name + ": " + kind + " " + reason;
        }
    }

    private static Row refuse(String name, HealRefusal reason, Consumer<Situation> change) {
        return new Row(name, change, "refuse", reason.label());
    }

    private static Row wait(String name, HealReason reason, Consumer<Situation> change) {
        return new Row(name, change, "wait", reason.label());
    }

    private static Row nothing(String name, HealReason reason, Consumer<Situation> change) {
        return new Row(name, change, "nothing-to-do", reason.label());
    }

    private static Row force(String name, Consumer<Situation> change) {
        return new Row(name, change, "force", HealReason.QUORUM_LOST.label());
    }

    private static Consumer<Situation> choice(Candidates.Choice choice) {
        return s -> s.peers = new PeerEvidence(2, List.of(), choice, "");
    }

    private static Consumer<Situation> engine(EngineInfo info, ApiReply<List<SwarmNode>> nodes) {
        return s -> s.observation = new SwarmObservation(new ApiReply.Ok<>(info), nodes);
    }

    private static Consumer<Situation> fault(EngineFault fault) {
        return s -> s.observation = new SwarmObservation(new ApiReply.Failed<>(fault, "x"), new ApiReply.NotAsked<>());
    }

    static Stream<Row> rows() {
        ApiReply<List<SwarmNode>> none = new ApiReply.NotAsked<>();
        return Stream.of(
                force("two managers, the leader lost", s -> {}),
                force("three managers, both others lost", s -> s.managers(3)),
                force("five managers, one other left", s -> {
                    s.managers(5);
                    s.answering(2);
                }),
                force("a cold boot: no leader was ever seen, only the engine knows managers", s -> {
                    s.byLeader = List.of();
                    s.cluster = null;
                    s.observation = new SwarmObservation(
                            new ApiReply.Ok<>(Swarms.engine("pending", true, Swarms.managers(2, 0))),
                            new ApiReply.Refused<>(500, Swarms.NO_LEADER_MESSAGE));
                }),
                force(
                        "the other answered once, longer ago than the hold",
                        s -> s.sightings.put(Swarms.endpoint(2), Evidence.Sighting.at(s.now - 31 * SECOND))),
                force("eager asks no witness", s -> {
                    s.mode = HealMode.EAGER;
                    s.witness = WitnessProbe.Outcome.SILENT;
                }),
                force("the hold is over to the second", s -> s.stateSince = s.now - 30 * SECOND),
                force("the last failed force is long ago", s -> s.forcedBefore(2, 61, ForceResult.FAILURE, 60)),
                force("three forces, but before the cooldown", s -> s.forcedBefore(3, 600, ForceResult.FAILURE, 60)),
                force(
                        "a successful force was followed by another loss",
                        s -> s.forcedBefore(1, 60, ForceResult.SUCCESS, 0)),
                force("another address is configured", s -> {
                    s.advertise = "10.0.0.1";
                    s.nodeAddress = "10.0.0.99";
                }),
                new Row("observe only says it", s -> s.mode = HealMode.OBSERVE, "would-force", "quorum-lost"),
                nothing("switched off", HealReason.DISABLED, s -> s.enabled = false),
                nothing("not master", HealReason.NOT_MASTER, s -> s.masterSince = null),
                nothing("there is a leader", HealReason.HAS_LEADER, s -> s.observation = Swarms.hasLeader(3, 2)),
                wait("nothing seen yet", HealReason.FIRST_LOOK, s -> s.neverLooked = true),
                wait("no leader for too short a time", HealReason.HOLD, s -> s.stateSince = s.now - 29 * SECOND),
                wait("master for too short a time", HealReason.HOLD, s -> s.masterSince = s.now - 29 * SECOND),
                wait("the hold ends with what was seen, not with now", HealReason.HOLD, s -> {
                    s.stateSince = s.now - 35 * SECOND;
                    s.observedAt = s.now - 10 * SECOND;
                }),
                wait("others may be booting too", HealReason.BOOT_GRACE, s -> s.graceUntil = s.now + SECOND),
                wait("a manager has come back", HealReason.RETURN_GRACE, s -> {
                    s.managers(5);
                    s.back(3, 299);
                }),
                force("nobody can still be booting", s -> s.graceUntil = s.now),
                force("a manager came back, long ago", s -> {
                    s.managers(5);
                    s.back(3, 300);
                }),
                force("a manager came back and is gone again", s -> {
                    s.managers(5);
                    s.sightings.put(
                            Swarms.endpoint(3),
                            new Evidence.Sighting(true, s.now - 30 * SECOND, "", s.now - 60 * SECOND));
                }),
                wait("of two that answered one is gone: it may be joining the other's", HealReason.GONE_GRACE, s -> {
                    s.managers(5);
                    s.answering(4);
                    s.sightings.put(Swarms.endpoint(3), Evidence.Sighting.at(s.now - 299 * SECOND));
                }),
                force("of two that answered one is gone, and the other has not taken this one in", s -> {
                    s.managers(5);
                    s.answering(4);
                    s.sightings.put(Swarms.endpoint(3), Evidence.Sighting.at(s.now - 300 * SECOND));
                }),
                force("two survivors of five that were there all the time", s -> {
                    s.managers(5);
                    s.answering(3);
                }),
                wait("the last force failed", HealReason.BACKOFF, s -> s.forcedBefore(1, 3, ForceResult.FAILURE, 4)),
                wait("the agent died in a force", HealReason.BACKOFF, s -> s.forcedBefore(1, 50, null, 60)),
                wait("three forces failed", HealReason.COOLDOWN, s -> s.forcedBefore(3, 599, ForceResult.FAILURE, 60)),
                wait(
                        "three forces succeeded",
                        HealReason.COOLDOWN,
                        s -> s.forcedBefore(3, 300, ForceResult.SUCCESS, 0)),
                refuse("no engine", HealRefusal.ENGINE_DOWN, fault(EngineFault.NOT_RUNNING)),
                refuse("engine hangs", HealRefusal.ENGINE_DOWN, fault(EngineFault.NO_ANSWER)),
                refuse("not an engine", HealRefusal.ENGINE_DOWN, fault(EngineFault.NOT_UNDERSTOOD)),
                refuse("forbidden", HealRefusal.SOCKET_NOT_PERMITTED, fault(EngineFault.PERMISSION_DENIED)),
                refuse("in no swarm", HealRefusal.NOT_IN_SWARM, s -> s.observation = Swarms.inactive()),
                refuse("locked", HealRefusal.SWARM_LOCKED, engine(Swarms.engine("locked", false, List.of()), none)),
                refuse("worker", HealRefusal.NOT_A_MANAGER, engine(Swarms.engine("active", false, List.of()), none)),
                refuse(
                        "starting",
                        HealRefusal.MANAGER_STARTING,
                        engine(Swarms.engine("pending", false, List.of()), none)),
                refuse("election", HealRefusal.ELECTION_RUNNING, s -> s.observation = Swarms.electing(3)),
                refuse("broken", HealRefusal.NODE_BROKEN, engine(Swarms.engine("error", false, List.of()), none)),
                refuse(
                        "the engine was not seen lately",
                        HealRefusal.STALE_EVIDENCE,
                        s -> s.observedAt = s.now - 16 * SECOND),
                refuse(
                        "the world was not asked lately",
                        HealRefusal.STALE_EVIDENCE,
                        s -> s.gatheredAt = s.now - 16 * SECOND),
                refuse("the world was not asked", HealRefusal.STALE_EVIDENCE, s -> s.noEvidence = true),
                refuse("autolock", HealRefusal.AUTOLOCK, s -> s.cluster = new ClusterFacts("c", true, 0)),
                refuse("policy quorum", HealRefusal.PEER_CHANNEL_MISSING, s -> s.mode = HealMode.QUORUM),
                refuse("policy quorum and no other agent", HealRefusal.PEERS_TOO_FEW, s -> {
                    s.mode = HealMode.QUORUM;
                    s.peers = new PeerEvidence(1, List.of(), new Candidates.Self(), "");
                }),
                force("policy quorum, as far as the gates go", s -> {
                    s.mode = HealMode.QUORUM;
                    s.peers = new PeerEvidence(3, List.of(), new Candidates.Self(), "");
                }),
                refuse(
                        "another agent sees a leader",
                        HealRefusal.PEER_SEES_LEADER,
                        s -> s.peers = new PeerEvidence(0, List.of("b sees m4"), new Candidates.Self(), "")),
                wait(
                        "another agent was asked",
                        HealReason.BETTER_CANDIDATE,
                        choice(new Candidates.Asked("b", true, "", 0))),
                refuse(
                        "another agent was asked in vain",
                        HealRefusal.BETTER_CANDIDATE,
                        choice(new Candidates.Asked("b", false, "policy-observe", 0))),
                refuse(
                        "another agent would be asked",
                        HealRefusal.BETTER_CANDIDATE,
                        choice(new Candidates.Other("b", Lineage.NONE))),
                refuse(
                        "another agent has not been gone for long",
                        HealRefusal.BETTER_CANDIDATE,
                        choice(new Candidates.Unready("b", Lineage.NONE, "silent"))),
                refuse(
                        "another agent has a promise",
                        HealRefusal.PROMISE_OUTSTANDING,
                        s -> s.peers = new PeerEvidence(0, List.of(), new Candidates.Self(), "b")),
                refuse("nobody else is known", HealRefusal.MANAGERS_UNKNOWN, s -> s.managers(1)),
                refuse("an address is not known", HealRefusal.MANAGER_NOT_PROBED, s -> {
                    Manager nowhere = new Manager("m2", "host2", null, "", false);
                    s.byLeader = List.of(Swarms.manager(1, false), nowhere);
                    s.byEngine = s.byLeader;
                }),
                refuse("a manager was not asked", HealRefusal.MANAGER_NOT_PROBED, s -> s.sightings.clear()),
                refuse("the others are a quorum", HealRefusal.QUORUM_WITHOUT_US, s -> {
                    s.managers(3);
                    s.answering(2, 3);
                }),
                refuse("the other survivor and we are a quorum", HealRefusal.QUORUM_STILL_POSSIBLE, s -> {
                    s.managers(3);
                    s.answering(3);
                }),
                refuse("eager keeps the quorum gate", HealRefusal.QUORUM_STILL_POSSIBLE, s -> {
                    s.mode = HealMode.EAGER;
                    s.managers(3);
                    s.answering(3);
                }),
                refuse("observe passes the same gates", HealRefusal.QUORUM_STILL_POSSIBLE, s -> {
                    s.mode = HealMode.OBSERVE;
                    s.answering(2);
                }),
                refuse("two managers and the other answers", HealRefusal.QUORUM_STILL_POSSIBLE, s -> s.answering(2)),
                refuse(
                        "the other answered within the hold",
                        HealRefusal.QUORUM_STILL_POSSIBLE,
                        s -> s.sightings.put(Swarms.endpoint(2), Evidence.Sighting.at(s.now - 29 * SECOND))),
                refuse("a quorum only by the shorter list", HealRefusal.QUORUM_STILL_POSSIBLE, s -> {
                    s.managers(5);
                    s.byEngine = Swarms.managers(2, 0);
                    s.answering(2);
                }),
                refuse("no gateway", HealRefusal.NO_WITNESS, s -> s.witness = WitnessProbe.Outcome.ABSENT),
                refuse(
                        "own address as witness",
                        HealRefusal.WITNESS_IS_SELF,
                        s -> s.witness = WitnessProbe.Outcome.SELF),
                refuse("witness silent", HealRefusal.WITNESS_SILENT, s -> s.witness = WitnessProbe.Outcome.SILENT),
                refuse("no address to advertise", HealRefusal.ADVERTISE_ADDRESS_UNKNOWN, s -> s.nodeAddress = ""),
                refuse("a name to advertise", HealRefusal.ADVERTISE_ADDRESS_UNKNOWN, s -> s.nodeAddress = "host1"),
                refuse("the virtual address", HealRefusal.ADVERTISE_ADDRESS_IS_VIP, s -> s.advertise = "10.0.0.70"),
                refuse(
                        "the node is known by the virtual address",
                        HealRefusal.ADVERTISE_ADDRESS_IS_VIP,
                        s -> s.nodeAddress = "10.0.0.70"),
                refuse(
                        "another host's address",
                        HealRefusal.ADVERTISE_ADDRESS_NOT_LOCAL,
                        s -> s.advertise = "10.0.0.2"),
                refuse("loopback", HealRefusal.ADVERTISE_ADDRESS_UNUSABLE, s -> s.advertise = "127.0.0.1"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyGateHasItsReason(Row row) {
        Situation situation = new Situation();
        row.change().accept(situation);
        HealPlan plan = situation.plan();
        assertThat(plan.kind() + " " + plan.reasonLabel())
                .as(plan.explanation())
                .isEqualTo(row.kind() + " " + row.reason());
    }

    @Test
    void everyReasonOfThePolicyIsInTheTable() {
        Set<HealRefusal> byTheLoop = EnumSet.of(HealRefusal.STATE_NOT_SAVED, HealRefusal.MASTERSHIP_LOST);
        // See the tests of package promise.
        Set<HealRefusal> byTheAgents = EnumSet.range(HealRefusal.PEERS_TOO_FEW, HealRefusal.PROMISES_UNREADABLE);
        EnumSet<HealRefusal> byThePolicy = EnumSet.allOf(HealRefusal.class);
        byThePolicy.removeAll(byTheLoop);
        byThePolicy.removeAll(byTheAgents);
        List<String> inTable = rows().map(Row::reason).toList();
        assertThat(inTable)
                .containsAll(byThePolicy.stream().map(HealRefusal::label).toList())
                .containsAll(
                        Stream.of(HealReason.values()).map(HealReason::label).toList());
    }

    @Test
    void oneSilentWitnessOfThreeIsEnoughToRefuse() {
        Situation situation = new Situation();
        List<Witness> three = List.of(
                new Witness.Gateway(),
                new Witness.Host(Swarms.ip("10.0.0.250")),
                new Witness.Host(Swarms.ip("10.0.0.251")));
        situation.witnesses = three;
        assertThat(situation.plan()).isInstanceOf(HealPlan.Force.class);
        for (int silent = 0; silent < three.size(); silent++) {
            List<WitnessProbe.Answer> answers = new ArrayList<>();
            for (int i = 0; i < three.size(); i++) {
                answers.add(new WitnessProbe.Answer(
                        three.get(i),
                        i == silent ? WitnessProbe.Outcome.SILENT : WitnessProbe.Outcome.ANSWERED,
                        "asked"));
            }
            HealConfig defaults = HealConfig.defaults();
            HealPlan plan = HealPolicy.decide(new HealInputs(
                    true,
                    new HealConfig(
                            HealMode.GUARDED,
                            Duration.ofSeconds(30),
                            three,
                            defaults.backoffMin(),
                            defaults.backoffMax(),
                            3,
                            defaults.cooldown(),
                            defaults.bootGrace()),
                    0L,
                    SwarmClassifier.classify(Swarms.noLeader(2), 100 * SECOND),
                    0,
                    null,
                    Membership.of("m1", Swarms.managers(2, 2), List.of()),
                    null,
                    new Evidence(100 * SECOND, Map.of(Swarms.endpoint(2), Evidence.Sighting.NEVER), answers),
                    PeerEvidence.NONE,
                    new AdvertiseAddress.Usable(Swarms.ip("10.0.0.1")),
                    Attempts.NONE,
                    100 * SECOND));
            assertThat(plan.reasonLabel()).isEqualTo("witness-silent");
        }
    }

    @Test
    void aWaitSaysUntilWhen() {
        Situation situation = new Situation();
        situation.stateSince = situation.now - 10 * SECOND;
        assertThat(situation.plan())
                .isInstanceOfSatisfying(
                        HealPlan.Wait.class,
                        wait -> assertThat(wait.untilNanos() - situation.now).isEqualTo(20 * SECOND));
    }
}
