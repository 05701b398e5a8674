package dev.holdfast.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Decides about an operator's order to heal now. Pure. The order stands for the gates that only make healing patient or
 * cautious: MASTER, the policy, hold, pauses, witnesses, promises. It does not open those behind which a force destroys something:
 * a leader (also one that another agent sees), an election, a node that is no manager with a known quorum, an address that Docker would stumble over, and
 * managers that answer. An operator who knows that those are beyond help stops Docker on them, and they answer no more.
 */
final class OrderPolicy {

    private OrderPolicy() {}

    /** Makes the plan: {@link HealPlan.Force}, or why not even an order brings one. */
    static HealPlan decide(HealInputs in) {
        if (!in.enabled()) {
            return new HealPlan.NothingToDo(HealReason.DISABLED, "");
        }
        SwarmSnapshot snapshot = in.snapshot();
        if (snapshot == null) {
            return new HealPlan.Wait(HealReason.FIRST_LOOK, "", in.nowNanos());
        }
        if (snapshot.state() == SwarmState.HAS_LEADER) {
            return new HealPlan.NothingToDo(HealReason.HAS_LEADER, snapshot.detail());
        }
        HealRefusal byState = HealPolicy.byState(snapshot);
        if (byState != null) {
            return new HealPlan.Refuse(byState, snapshot.detail());
        }
        Evidence evidence = in.evidence();
        if (HealPolicy.isStale(in.nowNanos(), snapshot.observedNanos())
                || evidence == null
                || HealPolicy.isStale(in.nowNanos(), evidence.gatheredNanos())) {
            return new HealPlan.Refuse(HealRefusal.STALE_EVIDENCE, "the engine or the managers were not asked lately");
        }
        ClusterFacts cluster = in.cluster();
        if (cluster != null && cluster.autolock()) {
            return new HealPlan.Refuse(HealRefusal.AUTOLOCK, "");
        }
        HealPlan.Refuse leader = HealPolicy.leaderElsewhere(in.peers());
        if (leader != null) {
            return leader;
        }
        QuorumGate.Verdict quorum = QuorumGate.check(
                in.membership(), evidence, in.nowNanos(), in.config().hold().toNanos());
        if (quorum.refusal() != null) {
            return new HealPlan.Refuse(quorum.refusal(), quorum.detail());
        }
        return switch (in.advertise()) {
            case AdvertiseAddress.Unusable(HealRefusal reason, String why) -> new HealPlan.Refuse(reason, why);
            case AdvertiseAddress.Usable(var address) ->
                new HealPlan.Force(address, "an operator's order; " + quorum.detail() + overruledText(in));
        };
    }

    private static String overruledText(HealInputs in) {
        List<HealPreview.Overruled> gates = overruled(in);
        return gates.isEmpty()
                ? ""
                : "; overruled: "
                        + gates.stream().map(HealPreview.Overruled::reason).collect(Collectors.joining(", "));
    }

    /** The gates that are closed now and that an order overrules, each with its name; empty if a force is due anyway. */
    static List<HealPreview.Overruled> overruled(HealInputs in) {
        List<HealPreview.Overruled> gates = new ArrayList<>();
        HealConfig config = in.config();
        SwarmSnapshot snapshot = in.snapshot();
        Long masterSince = in.masterSinceNanos();
        if (masterSince == null) {
            gates.add(HealPreview.Overruled.of(new HealPlan.NothingToDo(HealReason.NOT_MASTER, "")));
        }
        if (config.mode() == HealMode.OBSERVE) {
            gates.add(new HealPreview.Overruled("policy-observe", "the policy is observe, which never acts"));
        }
        if (config.mode() == HealMode.QUORUM) {
            gates.add(new HealPreview.Overruled(
                    "policy-quorum", "the policy is quorum, which needs the promises of most agents"));
        }
        HealPlan pause = HealPolicy.pause(in);
        if (pause != null) {
            gates.add(HealPreview.Overruled.of(pause));
        }
        if (snapshot != null) {
            HealPlan hold = HealPolicy.hold(in, snapshot, masterSince == null ? in.stateSinceNanos() : masterSince);
            if (hold != null) {
                gates.add(HealPreview.Overruled.of(hold));
            }
        }
        HealPlan grace = HealPolicy.grace(in);
        if (grace != null) {
            gates.add(HealPreview.Overruled.of(grace));
        }
        Evidence evidence = in.evidence();
        HealPlan moving = evidence == null ? null : HealPolicy.moving(in, evidence);
        if (moving != null) {
            gates.add(HealPreview.Overruled.of(moving));
        }
        HealPlan others = HealPolicy.others(in.peers());
        if (others != null) {
            gates.add(HealPreview.Overruled.of(others));
        }
        if (evidence != null && config.mode() != HealMode.EAGER) {
            HealPlan witness = HealPolicy.witnesses(config, evidence);
            if (witness != null) {
                gates.add(HealPreview.Overruled.of(witness));
            }
        }
        return gates;
    }
}
