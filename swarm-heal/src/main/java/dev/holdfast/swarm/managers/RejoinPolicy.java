package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Standing;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether this node leaves and joins again. Pure. A node that does has lost its copy of the cluster, so it must be one that the
 * cluster does not need: in every case a leader, asked over the channel, has said that it does not reach this node as a
 * manager, and has gone on saying so for {@link #GRACE}.
 *
 * <p><b>Worker by role is never a case.</b> Raft does not change a role; only a call of the API does. So whoever finds itself
 * a worker in the leader's list was demoted on purpose, by a person or by {@link RedundancyPolicy}, which promotes it again if
 * it is needed. Nor does raft remove an entry: a node that is no longer listed was removed on purpose, too, unless the cluster was forced
 * anew since this node had a leader, so that the list may come from a copy that never had it.
 *
 * <p><b>A fork</b> is a copy of the same cluster that was left behind by a force. It is recognised by its epoch, which a force
 * makes greater, and gives way only if nothing is lost: it has one manager, and the other swarm has everything that it holds. A fork
 * of several managers is a living quorum, and without a leader a copy can't be asked what it holds: both are kept.
 */
final class RejoinPolicy {

    /** Managers that come back were measured to need up to 57 s to rejoin by themselves. */
    static final Duration GRACE = Duration.ofMinutes(2);

    /** More repairs than this within an hour help nobody. */
    static final int MAX_REPAIRS = 3;

    private RejoinPolicy() {}

    /** Why a node should join anew; what is not one of these is a plan by itself. */
    private sealed interface Finding {
        record Case(KeepReason name) implements Finding {}

        record Other(KeepPlan plan) implements Finding {}
    }

    /** {@return the case that this node is, null if it is none} */
    static @Nullable KeepReason caseOf(RejoinInputs in) {
        return find(in) instanceof Finding.Case(KeepReason name) ? name : null;
    }

    /** Makes the plan for this moment: to {@link KeepAction#LEAVE}, which is followed by a join, or why not. */
    static KeepPlan decide(RejoinInputs in) {
        return switch (find(in)) {
            case Finding.Other(KeepPlan plan) -> plan;
            case Finding.Case(KeepReason name) -> repair(name, in);
        };
    }

    private static Finding find(RejoinInputs in) {
        SwarmSnapshot seen = in.snapshot();
        return switch (seen.state()) {
            case DOCKER_DOWN, STARTING, LOCKED ->
                nothing(KeepReason.ENGINE_NOT_READY, seen.state().name());
            case INACTIVE ->
                in.own().everInSwarm()
                        ? nothing(KeepReason.ON_PURPOSE, "in no swarm")
                        : nothing(KeepReason.NEVER_A_MANAGER, "");
            case BROKEN ->
                seen.nodeId().isEmpty()
                        ? new Finding.Other(new KeepPlan.Refuse(KeepRefusal.ZOMBIE, ""))
                        : fallen(in, true);
            case WORKER -> fallen(in, false);
            case ELECTING, NO_LEADER, HAS_LEADER -> copy(in);
        };
    }

    /** The engine does not take part in the control plane. */
    private static Finding fallen(RejoinInputs in, boolean error) {
        if (!in.own().manager()) {
            return nothing(KeepReason.NEVER_A_MANAGER, "");
        }
        if (!in.channel()) {
            return new Finding.Other(new KeepPlan.Refuse(
                    KeepRefusal.CHANNEL_MISSING, in.snapshot().detail()));
        }
        Standing standing = standing(in);
        if (standing == null) {
            return new Finding.Other(
                    new KeepPlan.Refuse(KeepRefusal.NO_SURVIVOR, in.snapshot().detail()));
        }
        return switch (standing.kind()) {
            case REACHABLE -> nothing(KeepReason.LEADER_REACHES_IT, "");
            case WORKER -> nothing(KeepReason.ON_PURPOSE, "");
            case LIMBO -> new Finding.Case(error ? KeepReason.ERROR : KeepReason.LIMBO);
            case ABSENT ->
                standing.demoted() || !forcedSince(in)
                        ? nothing(KeepReason.ON_PURPOSE, "no longer listed")
                        : new Finding.Case(KeepReason.EVICTED);
            // Raft still counts it. With an error it can't start its raft; otherwise it may be about to.
            case UNREACHABLE ->
                error
                        ? new Finding.Case(KeepReason.ERROR)
                        : new Finding.Other(
                                new KeepPlan.Wait(KeepReason.GRACE, "raft still counts this node", in.nowNanos()));
        };
    }

    private static boolean forcedSince(RejoinInputs in) {
        RejoinInputs.Survivor survivor = in.survivor();
        return survivor != null
                && survivor.report().lineage().epoch() > in.own().epoch();
    }

    /** The engine has a copy of the cluster: is it the right one? */
    private static Finding copy(RejoinInputs in) {
        SwarmSnapshot seen = in.snapshot();
        RejoinInputs.Survivor survivor = in.survivor();
        Standing standing = standing(in);
        boolean leads = seen.state() == SwarmState.HAS_LEADER;
        if (survivor == null || standing == null) {
            return nothing(
                    leads ? KeepReason.AS_IT_SHOULD_BE : KeepReason.ENGINE_NOT_READY,
                    seen.state().name());
        }
        String ownLeader = seen.leader().map(Manager::id).orElse("");
        if (standing.kind() == Standing.Kind.REACHABLE
                || (leads && ownLeader.equals(survivor.report().leaderId()))) {
            return nothing(KeepReason.AS_IT_SHOULD_BE, "");
        }
        long mine = in.lineage().epoch();
        long theirs = survivor.report().lineage().epoch();
        if (theirs > mine) {
            return new Finding.Case(KeepReason.STALE_FORK);
        }
        if (leads) {
            return theirs < mine
                    // The other one will give way.
                    ? nothing(KeepReason.AS_IT_SHOULD_BE, survivor.report().agent() + " has an older copy")
                    : new Finding.Other(new KeepPlan.Refuse(
                            KeepRefusal.FORKS_OF_EQUAL_AGE,
                            "the other one is that of " + survivor.report().agent()));
        }
        return nothing(KeepReason.ENGINE_NOT_READY, seen.state().name());
    }

    private static KeepPlan repair(KeepReason name, RejoinInputs in) {
        Long since = in.caseSinceNanos();
        long graceEnd = (since == null ? in.nowNanos() : since) + GRACE.toNanos();
        if (graceEnd - in.nowNanos() > 0) {
            return new KeepPlan.Wait(KeepReason.GRACE, name.text(), graceEnd);
        }
        if (in.mode() == RejoinMode.OFF) {
            return new KeepPlan.Refuse(KeepRefusal.REJOIN_OFF, name.text());
        }
        if (in.repairsLately() >= MAX_REPAIRS) {
            return new KeepPlan.Refuse(KeepRefusal.TOO_MANY_REPAIRS, name.text());
        }
        if (in.advertise() instanceof AdvertiseAddress.Unusable(var reason, String detail)) {
            return new KeepPlan.Refuse(KeepRefusal.ADVERTISE_ADDRESS, reason.text() + ": " + detail);
        }
        KeepPlan loss = name == KeepReason.STALE_FORK && in.mode() != RejoinMode.FORCE ? loss(in) : null;
        return loss != null ? loss : new KeepPlan.Act(KeepAction.LEAVE, "", name, "", false);
    }

    private static @Nullable KeepPlan loss(RejoinInputs in) {
        long reached = in.snapshot().managers().stream()
                .filter(manager -> manager.reachability().equals("reachable"))
                .count();
        if (reached > 1) {
            return new KeepPlan.Refuse(KeepRefusal.FORK_IS_A_QUORUM, reached + " managers");
        }
        if (in.lost() == null) {
            return new KeepPlan.Refuse(KeepRefusal.INVENTORY_UNKNOWN, "");
        }
        return in.lost().isEmpty()
                ? null
                : new KeepPlan.Refuse(
                        KeepRefusal.WOULD_BE_LOST,
                        in.lost().stream().map(Inventory.Item::displayName).collect(Collectors.joining(", ")));
    }

    private static @Nullable Standing standing(RejoinInputs in) {
        return in.survivor() == null ? null : in.survivor().standing();
    }

    private static Finding nothing(KeepReason reason, String detail) {
        return new Finding.Other(new KeepPlan.Nothing(reason, detail));
    }
}
