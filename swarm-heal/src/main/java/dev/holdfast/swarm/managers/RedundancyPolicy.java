package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.managers.NodeHistory.Health;
import dev.holdfast.swarm.managers.NodeHistory.Membership;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is to be a manager, so that the next failure is no disaster. Pure.
 *
 * <p>Let N be the members of raft, Q = N/2 + 1 the quorum, R the members that are reached; R - Q members more may fail. Only with R
 * &gt;= Q, that is with a leader, can anything change.
 *
 * <p><b>A dead member is replaced</b>, in one of two orders. Both steps leave R - Q as it was or make it greater by one:
 * promoting makes R and N greater by one, demoting a member that is not reached makes only N smaller. They differ in what the
 * step between exposes. Promoted first, the newcomer counts: if it fails at once, R is as before and N greater. So that comes first only
 * if one member more could then still be lost; otherwise (2 of 3 reached, 3 of 5) the dead one is demoted first, after which the
 * newcomer can only help.
 *
 * <p><b>A dead member without a replacement stays</b> if N is odd: without it N is even, which tolerates no more, and the member could
 * come back. If N is even, without it one failure more is tolerated, so it goes.
 *
 * <p><b>Nothing else is demoted</b>: neither a member that is reached, nor the leader, nor one beyond the target. That a member is
 * gone is judged like HashiCorp's raft-autopilot does: by the leader alone, over {@code dead-after} without a break, never more at once than
 * leaves a quorum, and each change only when the one before has been in effect for {@link #STABLE}. Swarm's own role manager
 * checks once more before it takes a member out of raft.
 *
 * <p><b>What it cannot exclude.</b> Between the look and the change lie milliseconds, and the leader itself notices a failure after
 * some seconds. A member that is demoted in the very seconds in which it comes back and another one dies is missed.
 */
public final class RedundancyPolicy {

    /** How long a change must have been in effect before the next one. */
    public static final Duration STABLE = Duration.ofSeconds(30);

    /** After this long a promotion that has not taken effect is taken back. More than a returning manager and its repair need. */
    public static final Duration STUCK = Duration.ofMinutes(5);

    private RedundancyPolicy() {}

    /** Makes the plan for this moment. */
    public static KeepPlan decide(RedundancyInputs in) {
        KeepPlan closed = gate(in);
        if (closed != null) {
            return closed;
        }
        List<SwarmNode> voters = voters(in);
        long now = in.nowNanos();
        if (reached(voters) < quorum(voters.size())) {
            return new KeepPlan.Refuse(KeepRefusal.WOULD_LOSE_QUORUM, numbers(voters));
        }
        KeepPlan underWay = underWay(in);
        if (underWay != null) {
            return underWay;
        }
        long stableAt = in.history().membersSince() + STABLE.toNanos();
        if (stableAt - now > 0) {
            return new KeepPlan.Wait(KeepReason.STABILISING, "", stableAt);
        }
        List<SwarmNode> gone = in.snapshot().nodes().stream()
                .filter(SwarmNode::isManagerByRole)
                .filter(node -> NodeHistory.healthOf(node) == Health.GONE)
                .sorted(Comparator.comparingLong(
                        (SwarmNode node) -> -in.history().longBeing(Health.GONE, node, now)))
                .toList();
        if (gone.isEmpty()) {
            return allWell(in, voters);
        }
        long deadAfter = in.config().deadAfter().toNanos();
        long longest = in.history().longBeing(Health.GONE, gone.getFirst(), now);
        return longest >= deadAfter
                ? replace(gone.getFirst(), in, voters)
                : new KeepPlan.Wait(KeepReason.MANAGER_GONE, names(gone), now + deadAfter - longest);
    }

    private static @Nullable KeepPlan gate(RedundancyInputs in) {
        if (in.config().mode() == KeepMode.OFF) {
            return new KeepPlan.Nothing(KeepReason.OFF, "swarm.managers.mode is off");
        }
        return mayChange(in);
    }

    /** What every change of the members needs; null if it is there. */
    static @Nullable KeepPlan mayChange(RedundancyInputs in) {
        if (!in.master()) {
            return new KeepPlan.Nothing(KeepReason.NOT_MASTER, "");
        }
        if (in.snapshot().state() != SwarmState.HAS_LEADER) {
            return new KeepPlan.Refuse(KeepRefusal.NO_LEADER, in.snapshot().detail());
        }
        if (in.nowNanos() - in.snapshot().observedNanos() > HealPolicy.MAX_AGE.toNanos()) {
            return new KeepPlan.Refuse(KeepRefusal.STALE, "");
        }
        return null;
    }

    private static @Nullable KeepPlan underWay(RedundancyInputs in) {
        long now = in.nowNanos();
        for (SwarmNode node : in.snapshot().nodes()) {
            Membership membership = NodeHistory.membershipOf(node);
            boolean coming = membership == Membership.MANAGER_OUTSIDE && NodeHistory.healthOf(node) == Health.WELL;
            if (!coming && membership != Membership.LEAVING) {
                continue;
            }
            long end = now - in.history().longMember(node, now) + STUCK.toNanos();
            if (end - now > 0) {
                return new KeepPlan.Wait(
                        KeepReason.CHANGE_UNDER_WAY,
                        name(node) + (coming ? " becomes a manager" : " becomes a worker"),
                        end);
            }
            return coming
                    ? act(KeepAction.DEMOTE, node, KeepReason.LIMBO, "so that it can be promoted anew", in)
                    : new KeepPlan.Refuse(KeepRefusal.CHANGE_STUCK, name(node) + " is still a member of raft");
        }
        return null;
    }

    private static KeepPlan replace(SwarmNode dead, RedundancyInputs in, List<SwarmNode> voters) {
        int members = voters.size();
        int reached = reached(voters);
        boolean votes = dead.manager() != null;
        List<SwarmNode> candidates = candidates(in);
        boolean tooFew = reached < in.config().target();
        if (tooFew && candidates.isEmpty() && !(votes && members % 2 == 0)) {
            return new KeepPlan.Refuse(
                    KeepRefusal.NOT_ENOUGH_NODES,
                    name(dead) + " is gone, and no healthy worker can take its place; " + numbers(voters));
        }
        boolean safeFirst = !votes || reached + 1 - quorum(members + 1) >= 1;
        if (tooFew && !candidates.isEmpty() && safeFirst) {
            return act(
                    KeepAction.PROMOTE,
                    candidates.getFirst(),
                    KeepReason.MANAGER_DEAD,
                    "in the place of " + name(dead) + ", " + numbers(voters),
                    in);
        }
        return demotion(dead, KeepReason.MANAGER_DEAD, in);
    }

    /** The demotion of a manager that is gone, if it can do no harm. */
    static KeepPlan demotion(SwarmNode dead, KeepReason reason, RedundancyInputs in) {
        List<SwarmNode> voters = voters(in);
        Manager raft = dead.manager();
        boolean harmless = raft == null
                || (!raft.leader()
                        && NodeHistory.healthOf(dead) == Health.GONE
                        && !dead.id().equals(in.snapshot().nodeId())
                        && reached(voters) >= quorum(voters.size() - 1));
        return harmless
                ? act(KeepAction.DEMOTE, dead, reason, numbers(voters), in)
                : new KeepPlan.Refuse(KeepRefusal.WOULD_LOSE_QUORUM, name(dead) + ", " + numbers(voters));
    }

    private static KeepPlan allWell(RedundancyInputs in, List<SwarmNode> voters) {
        int target = in.config().target();
        int there = voters.size();
        if (there >= target) {
            return new KeepPlan.Nothing(KeepReason.AS_IT_SHOULD_BE, there + " managers, " + target + " wanted");
        }
        List<SwarmNode> candidates = candidates(in);
        int possible = Math.min(target, there + candidates.size());
        // An even number tolerates no more failures than the odd one below it.
        int sensible = possible % 2 == 0 ? possible - 1 : possible;
        return sensible > there
                ? act(
                        KeepAction.PROMOTE,
                        candidates.getFirst(),
                        KeepReason.TOO_FEW_MANAGERS,
                        there + " of " + target,
                        in)
                : new KeepPlan.Refuse(
                        KeepRefusal.NOT_ENOUGH_NODES,
                        target + " wanted, " + there + " there, and " + candidates.size()
                                + " more that could be one (never made an even number)");
    }

    private static List<SwarmNode> candidates(RedundancyInputs in) {
        return in.snapshot().nodes().stream()
                .filter(node -> NodeHistory.membershipOf(node) == Membership.WORKER)
                .filter(node -> node.isReady() && node.isActive())
                .filter(node -> in.history().longBeing(Health.WELL, node, in.nowNanos()) >= STABLE.toNanos())
                .filter(node -> !in.passedOver().contains(node.id()))
                .sorted(Comparator.comparing(
                                (SwarmNode node) -> !in.agentNodes().contains(node.id()))
                        .thenComparing(SwarmNode::hostname)
                        .thenComparing(SwarmNode::id))
                .toList();
    }

    static List<SwarmNode> voters(RedundancyInputs in) {
        return in.snapshot().nodes().stream()
                .filter(node -> node.manager() != null)
                .toList();
    }

    private static int reached(List<SwarmNode> voters) {
        return (int) voters.stream()
                .filter(node -> NodeHistory.healthOf(node) == Health.WELL)
                .count();
    }

    static int quorum(int members) {
        return members / 2 + 1;
    }

    private static String numbers(List<SwarmNode> voters) {
        return "%d of %d managers reached, quorum is %d"
                .formatted(reached(voters), voters.size(), quorum(voters.size()));
    }

    static KeepPlan.Act act(KeepAction action, SwarmNode node, KeepReason reason, String detail, RedundancyInputs in) {
        return new KeepPlan.Act(
                action,
                node.id(),
                reason,
                name(node) + ": " + detail,
                in.config().mode() == KeepMode.OBSERVE);
    }

    static String name(SwarmNode node) {
        return node.hostname().isEmpty() ? node.id() : node.hostname();
    }

    private static String names(List<SwarmNode> nodes) {
        return nodes.stream().map(RedundancyPolicy::name).collect(Collectors.joining(", "));
    }
}
