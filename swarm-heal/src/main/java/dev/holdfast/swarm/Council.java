package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import dev.holdfast.swarm.promise.Candidate;
import dev.holdfast.swarm.promise.PromiseDesk;
import dev.holdfast.swarm.promise.Proposer;
import dev.holdfast.swarm.promise.Ruling;
import dev.holdfast.swarm.promise.View;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the healer has to do with the other agents: who sees a leader, whose copy is the newest, asking that one to heal, and the
 * promises. Used by the healer's thread, but for {@link #view}.
 */
final class Council {

    /** A report not older than this speaks of the present. */
    private static final Duration FRESH = HealPolicy.MAX_AGE;

    /** Who was heard within this is worth a question. Agents report each second. */
    private static final Duration PRESENT = Duration.ofSeconds(5);

    /** How long a promise to another agent holds this one back also where no promises are needed to force. */
    private static final Duration HEEDED = Duration.ofSeconds(60);

    private static final Duration HEAL_WITHIN = Duration.ofSeconds(2);

    private final HealPorts ports;
    private final Lookout lookout;
    private final LineageKeeper lineage;
    private final PromiseDesk desk;
    private final Proposer proposer;
    private final Executor executor;
    private PeerEvidence latest = PeerEvidence.NONE;

    Council(HealPorts ports, Lookout lookout, LineageKeeper lineage, PromiseDesk desk, Executor executor) {
        this.ports = ports;
        this.lookout = lookout;
        this.lineage = lineage;
        this.desk = desk;
        this.proposer = new Proposer(ports.peers(), desk, ports.clock(), ports.random(), executor);
        this.executor = executor;
    }

    PeerEvidence latest() {
        return latest;
    }

    /** {@return the agents that are there, by name} */
    List<String> present() {
        return heardWithin(PRESENT).map(h -> h.report().agent()).toList();
    }

    private Stream<Peers.Heard> heardWithin(Duration age) {
        long now = ports.clock().nanos();
        return ports.peers().heard().stream().filter(h -> now - h.atNanos() <= age.toNanos());
    }

    /** {@return whether another agent may soon need to know what this one sees} */
    boolean isAnyoneLeaderless() {
        return heardWithin(PRESENT).anyMatch(h -> h.report().state() == SwarmState.NO_LEADER);
    }

    /** Nobody else matters, but for how many they are. */
    void forget() {
        latest = new PeerEvidence(ports.peers().configured(), List.of(), new Candidates.Self(), "");
    }

    /**
     * Takes stock, and asks the agent with the newer copy to heal, in every round anew.
     *
     * @param asking false: only says whom it would ask
     */
    void consult(HealConfig config, boolean asking) {
        Candidates.Kin kin = lookout.kin();
        List<String> leaders = heardWithin(FRESH)
                .map(Peers.Heard::report)
                .filter(r -> r.state() == SwarmState.HAS_LEADER && kin.test(r))
                .map(Council::sees)
                .toList();
        Candidates.Choice choice = config.mode() == HealMode.EAGER
                ? new Candidates.Self()
                : Candidates.choose(
                        lineage.lineage(),
                        kin,
                        ports.peers().heard(),
                        ports.clock().nanos(),
                        FRESH.toNanos(),
                        config.hold().toNanos());
        if (asking && leaders.isEmpty() && choice instanceof Candidates.Other other) {
            choice = ask(other);
        }
        latest = new PeerEvidence(ports.peers().configured(), leaders, choice, desk.promisedTo(HEEDED));
    }

    private Candidates.Choice ask(Candidates.Other other) {
        PeerReply reply = CompletableFuture.supplyAsync(
                        () -> ports.peers().ask(other.agent(), new PeerRequest.Heal(), HEAL_WITHIN), executor)
                .exceptionally(e -> new PeerReply.NoAnswer(e.toString()))
                .join();
        long now = ports.clock().nanos();
        return switch (reply) {
            case PeerReply.Done(String detail) -> new Candidates.Asked(other.agent(), true, detail, now);
            case PeerReply.Refused(String reason, String detail) ->
                new Candidates.Asked(other.agent(), false, reason + (detail.isEmpty() ? "" : ", " + detail), now);
            case PeerReply.NoAnswer(String detail) ->
                new Candidates.Asked(other.agent(), false, "no answer, " + detail, now);
            default -> new Candidates.Asked(other.agent(), false, "no answer to what was asked", now);
        };
    }

    private static String sees(AgentReport report) {
        return report.agent() + (report.leaderId().isEmpty() ? "" : " sees " + report.leaderId());
    }

    // ---- promises

    /** {@return the permit for a force under this policy; {@code ordered}: an operator takes the place of the promises} */
    Forcer.Permit permit(HealMode mode, boolean ordered) {
        return mode == HealMode.QUORUM && !ordered ? new Promised() : new Unpromised();
    }

    /** Tells the agents what they need not keep for this one any longer. */
    void release() {
        proposer.release();
    }

    /** {@return what this agent goes by when it is asked for a promise; may be called from any thread} */
    View view() {
        SwarmHealer.Look look = lookout.latest();
        SwarmSnapshot seen = look == null ? null : look.snapshot();
        boolean lately = seen != null && ports.clock().nanos() - seen.observedNanos() <= HealPolicy.MAX_AGE.toNanos();
        @Nullable SwarmState state = lately && seen != null ? seen.state() : null;
        return new View(state, lineage.nodeId(), lineage.clusterId(), lineage.lineage());
    }

    /** No promise is needed, but the force is counted, so that its copy is known for the newer one. */
    private final class Unpromised implements Forcer.Permit {
        @Override
        public @Nullable HealPlan ask(String nodeId) {
            return null;
        }

        @Override
        public @Nullable HealRefusal begin(String nodeId) {
            return desk.beginUnpromised(nodeId) ? null : HealRefusal.STATE_NOT_SAVED;
        }
    }

    private final class Promised implements Forcer.Permit {
        private Ruling.@Nullable Majority majority;

        @Override
        public @Nullable HealPlan ask(String nodeId) {
            Candidate copy = new Candidate(nodeId, lineage.clusterId(), lineage.lineage(), lookout.membership());
            return switch (proposer.ask(copy, view())) {
                case Ruling.Majority given -> {
                    majority = given;
                    yield null;
                }
                case Ruling.Refused(HealRefusal reason, String detail) -> new HealPlan.Refuse(reason, detail);
            };
        }

        @Override
        public @Nullable HealRefusal begin(String nodeId) {
            return majority == null ? HealRefusal.NO_MAJORITY : proposer.begin(majority);
        }
    }
}
