package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import dev.holdfast.swarm.peer.Standing;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the agent whose engine has a leader of this node's cluster, and asks it. */
final class SurvivorSearch {

    /** For one answer. The healer's thread waits for it. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** A leader's word is asked for no more often than that. */
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Peers peers;
    private final HealClock clock;
    private RejoinInputs.@Nullable Survivor last;
    private List<String> lastAsked = List.of();
    private long lastNanos;
    private String lastAnswer = "";

    SurvivorSearch(Peers peers, HealClock clock) {
        this.peers = peers;
        this.clock = clock;
    }

    /** {@return the agent to ask and what it says; null where nobody need be asked, or nobody can} */
    RejoinInputs.@Nullable Survivor find(Caretaker.Round round, OwnNode own) {
        SwarmSnapshot seen = round.snapshot();
        boolean fallen = own.manager() && (seen.state() == SwarmState.WORKER || seen.state() == SwarmState.BROKEN);
        boolean maybeFork = switch (seen.state()) {
            case HAS_LEADER, NO_LEADER, ELECTING -> true;
            default -> false;
        };
        if (own.clusterId().isEmpty() || (!fallen && !maybeFork)) {
            last = null;
            return null;
        }
        String leader = seen.leader().map(Manager::id).orElse("");
        // One beside each leader, for a fork has another one.
        Map<String, AgentReport> byLeader = new LinkedHashMap<>();
        members(own.clusterId()).stream()
                .filter(theirs -> !(seen.state() == SwarmState.HAS_LEADER
                        && theirs.leaderId().equals(leader)))
                .forEach(theirs -> byLeader.putIfAbsent(theirs.leaderId(), theirs));
        if (byLeader.isEmpty()) {
            last = null;
            return null;
        }
        List<String> asked = Stream.concat(
                        Stream.of(own.nodeId()), byLeader.values().stream().map(AgentReport::agent))
                .toList();
        if (last == null || !lastAsked.equals(asked) || round.nowNanos() - lastNanos >= EVERY.toNanos()) {
            last = ask(byLeader.values(), own);
            lastAsked = asked;
            lastNanos = round.nowNanos();
        }
        return last;
    }

    /** {@return the one with the newest copy; but if to any leader this node is what it should be, that one} */
    private RejoinInputs.@Nullable Survivor ask(Collection<AgentReport> leading, OwnNode own) {
        RejoinInputs.Survivor newest = null;
        for (AgentReport report : leading) {
            RejoinInputs.Survivor survivor = new RejoinInputs.Survivor(report, standing(report, own));
            Standing standing = survivor.standing();
            if (standing != null && standing.belongs()) {
                return survivor;
            }
            newest = newest == null ? survivor : newest;
        }
        return newest;
    }

    /** {@return the epoch of the newest copy that has a leader, 0 if there is none} */
    long newestEpoch(String clusterId) {
        return members(clusterId).stream()
                .mapToLong(report -> report.lineage().epoch())
                .max()
                .orElse(0);
    }

    private @Nullable Standing standing(AgentReport report, OwnNode own) {
        return peers.ask(report.agent(), new PeerRequest.Standing(own.nodeId()), PATIENCE)
                                instanceof PeerReply.Standing(String cluster, Standing standing)
                        && cluster.equals(own.clusterId())
                ? standing
                : null;
    }

    /** {@return the way into the cluster; null if nobody tells} */
    PeerReply.@Nullable Tokens tokens(PendingJoin join) {
        lastAnswer = "no other agent sees a leader of this cluster";
        List<AgentReport> newEnough = members(join.clusterId()).stream()
                .filter(report -> report.lineage().epoch() >= join.epoch())
                .toList();
        for (AgentReport report : newEnough) {
            PeerReply reply =
                    peers.ask(report.agent(), new PeerRequest.Tokens(join.clusterId(), join.formerNodeId()), PATIENCE);
            switch (reply) {
                case PeerReply.Tokens tokens -> {
                    return tokens;
                }
                case PeerReply.Refused(String reason, String detail) ->
                    lastAnswer = report.agent() + ": " + reason + ", " + detail;
                case PeerReply.NoAnswer(String detail) -> lastAnswer = report.agent() + ": " + detail;
                default -> lastAnswer = report.agent() + " answers something else";
            }
        }
        return null;
    }

    String lastAnswer() {
        return lastAnswer;
    }

    /** The newest copy first; of one copy the agent beside its leader. */
    private List<AgentReport> members(String clusterId) {
        long now = clock.nanos();
        return peers.heard().stream()
                .filter(heard -> now - heard.atNanos() <= HealPolicy.MAX_AGE.toNanos())
                .map(Peers.Heard::report)
                .filter(report -> peers.counts(report.agent()))
                .filter(report -> report.state() == SwarmState.HAS_LEADER
                        && report.clusterId().equals(clusterId))
                .sorted(Comparator.comparingLong(
                                (AgentReport report) -> -report.lineage().epoch())
                        .thenComparing(report -> !report.leaderId().equals(report.nodeId())))
                .toList();
    }
}
