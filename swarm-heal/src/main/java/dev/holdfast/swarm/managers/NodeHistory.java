package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For how long things have been as they are, without a break. Immutable and pure: each look makes the next history. A look without a
 * leader, and a gap between looks, is a break of everything, for nobody knows what happened meanwhile.
 *
 * @param nodes what was seen of each node
 * @param membersSince since when roles and raft's members have been the same
 * @param lookNanos when the latest look with a leader was; meaningless if {@code nodes} is empty
 */
public record NodeHistory(Map<String, Seen> nodes, long membersSince, long lookNanos) {

    /** Nothing was seen yet. */
    public static final NodeHistory NONE = new NodeHistory(Map.of(), 0, 0);

    /** How a node is, as far as keeping managers goes. */
    public enum Health {
        /** A manager that raft reaches, or any other node that is ready. */
        WELL,
        /** A manager that raft does not reach, or any other node that is not ready. */
        GONE
    }

    /** What a node is to raft. */
    public enum Membership {
        /** A manager by role, and a member. */
        MANAGER,
        /** A manager by role, and no member: it is coming, or in limbo. */
        MANAGER_OUTSIDE,
        /** A worker by role, and still a member. */
        LEAVING,
        /** A worker. */
        WORKER
    }

    /** One node. */
    record Seen(Health health, long healthSince, Membership membership, long membershipSince) {}

    /** Copies the map. */
    public NodeHistory {
        nodes = Map.copyOf(nodes);
    }

    static Health healthOf(SwarmNode node) {
        Manager raft = node.manager();
        boolean well = raft != null ? raft.reachability().equals("reachable") : node.isReady();
        return well ? Health.WELL : Health.GONE;
    }

    static Membership membershipOf(SwarmNode node) {
        boolean member = node.manager() != null;
        return node.isManagerByRole()
                ? member ? Membership.MANAGER : Membership.MANAGER_OUTSIDE
                : member ? Membership.LEAVING : Membership.WORKER;
    }

    /** {@return the history with one look more} */
    public NodeHistory after(SwarmSnapshot look) {
        if (look.state() != SwarmState.HAS_LEADER) {
            return NONE;
        }
        long now = look.observedNanos();
        boolean gap = nodes.isEmpty() || now - lookNanos > HealPolicy.MAX_AGE.toNanos();
        boolean sameMembers = !gap && nodes.size() == look.nodes().size();
        Map<String, Seen> next = new HashMap<>();
        for (SwarmNode node : look.nodes()) {
            Health health = healthOf(node);
            Membership membership = membershipOf(node);
            @Nullable Seen before = gap ? null : nodes.get(node.id());
            sameMembers &= before != null && before.membership() == membership;
            next.put(
                    node.id(),
                    new Seen(
                            health,
                            before != null && before.health() == health ? before.healthSince() : now,
                            membership,
                            before != null && before.membership() == membership ? before.membershipSince() : now));
        }
        return new NodeHistory(next, sameMembers ? membersSince : now, now);
    }

    /** {@return for how long the node has been so, up to now; 0 if it is not so} */
    long longBeing(Health wanted, SwarmNode node, long nowNanos) {
        Seen seen = nodes.get(node.id());
        return seen == null || seen.health() != wanted ? 0 : nowNanos - seen.healthSince();
    }

    /** {@return for how long the node has been to raft what it is, up to now} */
    long longMember(SwarmNode node, long nowNanos) {
        Seen seen = nodes.get(node.id());
        return seen == null ? 0 : nowNanos - seen.membershipSince();
    }
}
