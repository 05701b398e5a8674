package dev.holdfast.swarm;

import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides. Pure: the same inputs give the same plan, with no memory and no clock. A force is what remains when every gate is
 * open; the first closed one names the reason. First, do no harm: without a quorum the swarm's services run on and only
 * cannot be changed, while a wrongful force costs the cluster.
 */
public final class HealPolicy {

    /** Older knowledge is not acted on. More than the longest poll interval and the slowest round of probes together. */
    public static final Duration MAX_AGE = Duration.ofSeconds(15);

    private HealPolicy() {}

    /** Makes the plan for this moment. */
    public static HealPlan decide(HealInputs in) {
        if (!in.enabled()) {
            return new HealPlan.NothingToDo(HealReason.DISABLED, "");
        }
        Long masterSince = in.masterSinceNanos();
        if (masterSince == null) {
            return new HealPlan.NothingToDo(HealReason.NOT_MASTER, "");
        }
        SwarmSnapshot snapshot = in.snapshot();
        if (snapshot == null) {
            return new HealPlan.Wait(HealReason.FIRST_LOOK, "", in.nowNanos());
        }
        HealRefusal byState = byState(snapshot);
        if (byState != null) {
            return new HealPlan.Refuse(byState, snapshot.detail());
        }
        return snapshot.state() == SwarmState.HAS_LEADER
                ? new HealPlan.NothingToDo(HealReason.HAS_LEADER, snapshot.detail())
                : withoutLeader(in, snapshot, masterSince);
    }

    /** {@return why a state forbids every force, or null if it does not} */
    static @Nullable HealRefusal byState(SwarmSnapshot snapshot) {
        return switch (snapshot.state()) {
            case DOCKER_DOWN ->
                snapshot.fault() == EngineFault.PERMISSION_DENIED
                        ? HealRefusal.SOCKET_NOT_PERMITTED
                        : HealRefusal.ENGINE_DOWN;
            case INACTIVE -> HealRefusal.NOT_IN_SWARM;
            case LOCKED -> HealRefusal.SWARM_LOCKED;
            case WORKER -> HealRefusal.NOT_A_MANAGER;
            case STARTING -> HealRefusal.MANAGER_STARTING;
            case ELECTING -> HealRefusal.ELECTION_RUNNING;
            case BROKEN -> HealRefusal.NODE_BROKEN;
            case HAS_LEADER, NO_LEADER -> null;
        };
    }

    private static HealPlan withoutLeader(HealInputs in, SwarmSnapshot snapshot, long masterSince) {
        HealConfig config = in.config();
        if (isStale(in.nowNanos(), snapshot.observedNanos())) {
            return new HealPlan.Refuse(HealRefusal.STALE_EVIDENCE, "the engine was last seen too long ago");
        }
        if (config.mode() == HealMode.QUORUM && in.peers().configured() < 2) {
            return new HealPlan.Refuse(
                    in.peers().configured() == 0 ? HealRefusal.PEER_CHANNEL_MISSING : HealRefusal.PEERS_TOO_FEW, "");
        }
        ClusterFacts cluster = in.cluster();
        if (cluster != null && cluster.autolock()) {
            return new HealPlan.Refuse(HealRefusal.AUTOLOCK, "");
        }
        HealPlan pause = pause(in);
        if (pause != null) {
            return pause;
        }
        HealPlan hold = hold(in, snapshot, masterSince);
        if (hold != null) {
            return hold;
        }
        HealPlan grace = grace(in);
        if (grace != null) {
            return grace;
        }
        Evidence evidence = in.evidence();
        if (evidence == null || isStale(in.nowNanos(), evidence.gatheredNanos())) {
            return new HealPlan.Refuse(HealRefusal.STALE_EVIDENCE, "the other managers were not asked lately");
        }
        HealPlan.Refuse leader = leaderElsewhere(in.peers());
        if (leader != null) {
            return leader;
        }
        QuorumGate.Verdict quorum = QuorumGate.check(
                in.membership(), evidence, in.nowNanos(), config.hold().toNanos());
        if (quorum.refusal() != null) {
            return new HealPlan.Refuse(quorum.refusal(), quorum.detail());
        }
        HealPlan moving = moving(in, evidence);
        if (moving != null) {
            return moving;
        }
        HealPlan others = others(in.peers());
        if (others != null) {
            return others;
        }
        HealPlan.Refuse witness = config.mode() == HealMode.EAGER ? null : witnesses(config, evidence);
        if (witness != null) {
            return witness;
        }
        String detail = quorum.detail()
                + (config.mode() == HealMode.EAGER
                        ? "; no witness asked (policy eager)"
                        : "; "
                                + evidence.witnesses().stream()
                                        .map(WitnessProbe.Answer::detail)
                                        .collect(Collectors.joining(", ")));
        return switch (in.advertise()) {
            case AdvertiseAddress.Unusable(HealRefusal reason, String why) -> new HealPlan.Refuse(reason, why);
            case AdvertiseAddress.Usable(var address) ->
                config.mode() == HealMode.OBSERVE
                        ? new HealPlan.WouldForce(address, detail)
                        : new HealPlan.Force(address, detail);
        };
    }

    static @Nullable HealPlan pause(HealInputs in) {
        Attempts.Call last = in.attempts().last();
        if (last == null) {
            return null;
        }
        HealConfig config = in.config();
        long cooldown = config.cooldown().toNanos();
        int inARow = in.attempts().inARow(in.nowNanos(), cooldown);
        if (inARow >= config.maxAttempts()) {
            return new HealPlan.Wait(
                    HealReason.COOLDOWN,
                    inARow + " of " + config.maxAttempts() + " forces made",
                    last.atNanos() + cooldown);
        }
        long end = last.atNanos() + last.pauseNanos();
        return last.result() != ForceResult.SUCCESS && end - in.nowNanos() > 0
                ? new HealPlan.Wait(HealReason.BACKOFF, inARow + " of " + config.maxAttempts() + " forces made", end)
                : null;
    }

    /**
     * The hold runs from the later of both beginnings: a host that has just become MASTER has just seen its network change.
     * It is measured up to the latest snapshot and not up to now, since nobody knows what came after it.
     */
    static @Nullable HealPlan hold(HealInputs in, SwarmSnapshot snapshot, long masterSince) {
        long since = masterSince - in.stateSinceNanos() > 0 ? masterSince : in.stateSinceNanos();
        long hold = in.config().hold().toNanos();
        long held = Math.max(0, snapshot.observedNanos() - since);
        return held < hold
                ? new HealPlan.Wait(
                        HealReason.HOLD,
                        "for %d of %d s".formatted(held / 1_000_000_000L, hold / 1_000_000_000L),
                        since + hold)
                : null;
    }

    /** Where this host or its engine has just started, the others may be starting too. */
    static @Nullable HealPlan grace(HealInputs in) {
        Long until = in.graceUntilNanos();
        return until == null ? null : graceUntil(until, HealReason.BOOT_GRACE, in);
    }

    /** Managers that come or go while this node has no leader: of their own accord they do so where somebody else has healed. */
    static @Nullable HealPlan moving(HealInputs in, Evidence evidence) {
        HealPlan back = returned(in, evidence);
        return back == null ? gone(in, evidence) : back;
    }

    /**
     * A manager that comes back while this node has no leader may belong to the cluster again by a force elsewhere. Then this node
     * rejoins by itself, and a force would make a second cluster. One that has answered all the time has no leader either.
     */
    private static @Nullable HealPlan returned(HealInputs in, Evidence evidence) {
        Long last = null;
        for (Evidence.Sighting sighting : evidence.sightings().values()) {
            Long back = sighting.backNanos();
            if (back != null
                    && sighting.within(in.nowNanos(), in.config().hold().toNanos())
                    && (last == null || back - last > 0)) {
                last = back;
            }
        }
        return last == null ? null : graceAfter(last, HealReason.RETURN_GRACE, in);
    }

    /**
     * A manager that answered since this node has no leader, and does no longer, while another one still answers. If that one was
     * forced, the rest of the old managers fall out of raft, close their ports for the better part of a minute and join anew; a
     * node that was away meanwhile sees them go, and is about to be taken in itself. Those that were dead from the beginning
     * never answered, and where nobody answers, nobody can take this node in.
     */
    private static @Nullable HealPlan gone(HealInputs in, Evidence evidence) {
        long hold = in.config().hold().toNanos();
        Long last = null;
        boolean somebodyAnswers = false;
        for (Evidence.Sighting sighting : evidence.sightings().values()) {
            if (sighting.within(in.nowNanos(), hold)) {
                somebodyAnswers = true;
            } else if (sighting.everAnswered() && (last == null || sighting.lastAnsweredNanos() - last > 0)) {
                last = sighting.lastAnsweredNanos();
            }
        }
        return last == null || !somebodyAnswers ? null : graceAfter(last, HealReason.GONE_GRACE, in);
    }

    private static @Nullable HealPlan graceAfter(long eventNanos, HealReason reason, HealInputs in) {
        return graceUntil(eventNanos + in.config().bootGrace().toNanos(), reason, in);
    }

    private static @Nullable HealPlan graceUntil(long until, HealReason reason, HealInputs in) {
        long left = until - in.nowNanos();
        return left > 0 ? new HealPlan.Wait(reason, "%d s left".formatted(secondsUp(left)), until) : null;
    }

    /** Whatever this node sees, a leader of its cluster is one too many already. */
    static HealPlan.@Nullable Refuse leaderElsewhere(PeerEvidence peers) {
        return peers.leaders().isEmpty()
                ? null
                : new HealPlan.Refuse(HealRefusal.PEER_SEES_LEADER, String.join(", ", peers.leaders()));
    }

    /** Another survivor has the newer state, or was promised that nobody is in its way. */
    static @Nullable HealPlan others(PeerEvidence peers) {
        HealPlan choice = switch (peers.choice()) {
            case Candidates.Self _ -> null;
            case Candidates.Other other -> new HealPlan.Refuse(HealRefusal.BETTER_CANDIDATE, other.agent());
            case Candidates.Unready unready ->
                new HealPlan.Refuse(HealRefusal.BETTER_CANDIDATE, unready.agent() + ": " + unready.why());
            case Candidates.Asked asked ->
                asked.agreed()
                        ? new HealPlan.Wait(
                                HealReason.BETTER_CANDIDATE,
                                asked.agent() + " says: " + asked.answer(),
                                asked.atNanos() + SwarmHealer.URGENT_POLL.toNanos())
                        : new HealPlan.Refuse(HealRefusal.BETTER_CANDIDATE, asked.agent() + ": " + asked.answer());
        };
        return choice != null || peers.promisedTo().isEmpty()
                ? choice
                : new HealPlan.Refuse(HealRefusal.PROMISE_OUTSTANDING, "to " + peers.promisedTo());
    }

    private static long secondsUp(long nanos) {
        return (nanos + 999_999_999L) / 1_000_000_000L;
    }

    static HealPlan.@Nullable Refuse witnesses(HealConfig config, Evidence evidence) {
        for (Witness witness : config.effectiveWitnesses()) {
            WitnessProbe.Answer answer = evidence.witnesses().stream()
                    .filter(a -> a.witness().equals(witness))
                    .findFirst()
                    .orElse(new WitnessProbe.Answer(witness, WitnessProbe.Outcome.SILENT, witness + " was not asked"));
            HealRefusal refusal = switch (answer.outcome()) {
                case ANSWERED -> null;
                case SILENT -> HealRefusal.WITNESS_SILENT;
                case ABSENT -> HealRefusal.NO_WITNESS;
                case SELF -> HealRefusal.WITNESS_IS_SELF;
            };
            if (refusal != null) {
                return new HealPlan.Refuse(refusal, answer.detail());
            }
        }
        return null;
    }

    static boolean isStale(long now, long then) {
        return now - then > MAX_AGE.toNanos();
    }
}
