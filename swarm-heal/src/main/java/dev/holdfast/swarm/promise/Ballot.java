package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.Membership;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One round of asking, after this agent has promised itself. Pure.
 *
 * @param request what every agent was asked
 * @param members the managers of the copy that would be forced
 * @param askedNanos when
 */
record Ballot(PeerRequest.Promise request, Membership members, long askedNanos) {

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
        Map<String, PeerReply.Promised> promised = new LinkedHashMap<>();
        List<String> why = new ArrayList<>();
        Set<HealRefusal> reasons = EnumSet.noneOf(HealRefusal.class);
        replies.forEach((agent, reply) -> {
            switch (reply) {
                case PeerReply.Promised promise
                when promise.epoch() == request.epoch() && counts.test(agent) -> promised.put(agent, promise);
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
            String bystanders = bystanders(promised.values());
            return bystanders.isEmpty()
                    ? new Ruling.Majority(request.epoch(), request.nodeId(), askedNanos, List.copyOf(promised.keySet()))
                    : new Ruling.Refused(HealRefusal.BYSTANDERS, bystanders);
        }
        String detail = "%d of %d agents promised, %d needed%s"
                .formatted(
                        promised.size() + 1,
                        request.agents(),
                        needed(),
                        why.isEmpty() ? "" : "; " + String.join("; ", why));
        return new Ruling.Refused(first, detail);
    }

    /**
     * After a force, and before all are back, most agents can be on hosts that have no part in the cluster any more. Their
     * promises still say that nobody else forces; but they say nothing of a quorum among managers that did not promise. So if
     * there could be one, only agents on managers of this copy count, and those on workers, who were put there to count.
     *
     * @return what is wrong, empty if nothing is
     */
    private String bystanders(Collection<PeerReply.Promised> promised) {
        for (List<Manager> others : members.views()) {
            Set<String> known = others.stream().map(Manager::id).collect(Collectors.toSet());
            Set<String> heard = promised.stream()
                    .map(PeerReply.Promised::nodeId)
                    .filter(known::contains)
                    .collect(Collectors.toSet());
            int managers = known.size() + 1;
            int silent = known.size() - heard.size();
            // A member that was made a worker since this copy had a leader counts once.
            long workers = promised.stream()
                    .filter(promise -> promise.worker() && !known.contains(promise.nodeId()))
                    .count();
            long part = 1 + heard.size() + workers;
            if (silent >= managers / 2 + 1 && part < needed()) {
                return "%d of %d agents promised, %d of them with a part in this cluster, and %d of its %d managers did not"
                        .formatted(promised.size() + 1, request.agents(), part, silent, managers);
            }
        }
        return "";
    }
}
