package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One round of asking, after this agent has promised itself. Pure.
 *
 * @param request what every agent was asked
 * @param askedNanos when
 */
record Ballot(PeerRequest.Promise request, long askedNanos) {

    /** What to name first where no majority came together. */
    private static final List<HealRefusal> ORDER = List.of(
            HealRefusal.PEER_SEES_LEADER,
            HealRefusal.STALE_COPY,
            HealRefusal.PROMISE_OUTSTANDING,
            HealRefusal.PEERS_DIFFER,
            HealRefusal.PEER_NOT_SURE,
            HealRefusal.EPOCH_PASSED,
            HealRefusal.PROMISES_UNREADABLE,
            HealRefusal.STATE_NOT_SAVED);

    /** One agent that says so is enough, whatever the majority says. The proof does not need it; doing no harm does. */
    private static final Set<HealRefusal> VETO = EnumSet.of(HealRefusal.PEER_SEES_LEADER, HealRefusal.STALE_COPY);

    /** {@return how many promises it takes, this agent's own among them} */
    int needed() {
        return request.agents() / 2 + 1;
    }

    /**
     * Counts.
     *
     * @param replies by the agent's name, so that each counts once
     * @param counts whether an agent is one of those that the configuration names
     */
    Ruling count(Map<String, PeerReply> replies, Predicate<String> counts) {
        List<String> promised = new ArrayList<>();
        List<String> why = new ArrayList<>();
        Set<HealRefusal> reasons = EnumSet.noneOf(HealRefusal.class);
        replies.forEach((agent, reply) -> {
            switch (reply) {
                case PeerReply.Promised(long epoch)
                when epoch == request.epoch() && counts.test(agent) -> promised.add(agent);
                case PeerReply.NotPromised(String label, String detail, long _) -> {
                    HealRefusal reason = HealRefusal.of(label);
                    if (reason != null) {
                        reasons.add(reason);
                    }
                    why.add(agent + ": " + label + (detail.isEmpty() ? "" : ", " + detail));
                }
                case PeerReply.Refused(String label, String detail) -> why.add(agent + ": " + label + ", " + detail);
                case PeerReply.NoAnswer(String detail) -> why.add(agent + ": no answer, " + detail);
                default -> why.add(agent + ": its answer does not count");
            }
        });
        HealRefusal first = ORDER.stream().filter(reasons::contains).findFirst().orElse(HealRefusal.NO_MAJORITY);
        if (promised.size() + 1 >= needed() && !VETO.contains(first)) {
            return new Ruling.Majority(request.epoch(), request.nodeId(), askedNanos, promised);
        }
        String detail = "%d of %d agents promised, %d needed%s"
                .formatted(
                        promised.size() + 1,
                        request.agents(),
                        needed(),
                        why.isEmpty() ? "" : "; " + String.join("; ", why));
        return new Ruling.Refused(first, detail);
    }
}
