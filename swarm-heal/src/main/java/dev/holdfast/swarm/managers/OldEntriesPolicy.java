package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.managers.NodeHistory.Health;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides which entries of nodes are to be removed. Pure. A host that leaves and joins again is a new node; the old one stays in the list,
 * down for ever, and if it was a manager it still counts in raft and makes the quorum larger.
 *
 * <p>An old entry is one that is down, while another node of the same host name and the same address is ready: on one address there
 * is one engine. Both must have been so for {@link RedundancyPolicy#STABLE}. A member of raft is demoted first, and never if the leader
 * reaches it.
 *
 * <p>Another one is that of a node that was let in and never came: it has neither told its name nor been seen anywhere, in
 * {@link #NEVER}. Each join of a manager that the leader can't call back leaves one.
 */
final class OldEntriesPolicy {

    /** A node that joins is heard within seconds. */
    static final Duration NEVER = Duration.ofMinutes(10);

    private OldEntriesPolicy() {}

    /** {@return what to do about the first old entry; null if there is none, or it is not this agent's business} */
    static @Nullable KeepPlan decide(RedundancyInputs in) {
        if (in.config().rejoin() == RejoinMode.OFF || RedundancyPolicy.mayChange(in) != null) {
            return null;
        }
        for (SwarmNode node : in.snapshot().nodes()) {
            if (hasNeverCome(node, in)) {
                return new KeepPlan.Act(KeepAction.REMOVE, node.id(), KeepReason.NEVER_CAME, node.id(), false);
            }
            SwarmNode successor = successorOf(node, in);
            if (successor == null) {
                continue;
            }
            if (node.manager() == null) {
                return new KeepPlan.Act(
                        KeepAction.REMOVE, node.id(), KeepReason.OLD_ENTRY, name(node, successor), false);
            }
            if (!node.isManagerByRole()) {
                // Demoted already; raft has not let go of it yet.
                return null;
            }
            long stableAt = in.history().membersSince() + RedundancyPolicy.STABLE.toNanos();
            if (stableAt - in.nowNanos() > 0) {
                return new KeepPlan.Wait(KeepReason.STABILISING, name(node, successor), stableAt);
            }
            KeepPlan plan = RedundancyPolicy.demotion(node, KeepReason.OLD_ENTRY, in);
            return plan instanceof KeepPlan.Act act
                    ? new KeepPlan.Act(act.action(), act.subject(), act.reason(), name(node, successor), false)
                    : plan;
        }
        return null;
    }

    private static boolean hasNeverCome(SwarmNode node, RedundancyInputs in) {
        return node.state().equals("unknown")
                && node.hostname().isEmpty()
                && node.address().isEmpty()
                && node.manager() == null
                && in.history().longBeing(Health.GONE, node, in.nowNanos()) >= NEVER.toNanos();
    }

    private static @Nullable SwarmNode successorOf(SwarmNode old, RedundancyInputs in) {
        String address = address(old);
        long stable = RedundancyPolicy.STABLE.toNanos();
        long now = in.nowNanos();
        if (!old.state().equals("down")
                || old.hostname().isEmpty()
                || address.isEmpty()
                || in.history().longBeing(Health.GONE, old, now) < stable) {
            return null;
        }
        return in.snapshot().nodes().stream()
                .filter(node -> !node.id().equals(old.id()))
                .filter(node -> node.isReady() && in.history().longBeing(Health.WELL, node, now) >= stable)
                .filter(node ->
                        node.hostname().equals(old.hostname()) && address(node).equals(address))
                .findFirst()
                .orElse(null);
    }

    private static String address(SwarmNode node) {
        Manager raft = node.manager();
        return raft != null && raft.endpoint() != null ? raft.endpoint().host() : node.address();
    }

    private static String name(SwarmNode old, SwarmNode successor) {
        return RedundancyPolicy.name(old) + ", " + old.id() + ", is now " + successor.id();
    }
}
