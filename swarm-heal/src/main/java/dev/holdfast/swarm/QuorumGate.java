package dev.holdfast.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The gate that keeps a force away from a quorum that lives, or can still form. Pure.
 *
 * <p>Let N be the number of managers that raft counts, Q = N/2 + 1 the quorum, and A the number of <em>other</em> managers
 * whose raft port answered lately. The gate is open only if {@code A + 1 < Q}.
 *
 * <p><b>Why {@code A + 1} and not {@code A}.</b> {@code A >= Q} is the case of a sick node beside a healthy quorum
 * ({@link HealRefusal#QUORUM_WITHOUT_US}). With {@code A + 1 = Q} the others are no quorum alone, but together with this
 * node they are, and raft elects a leader without anybody's help, normally within 40 seconds. Three managers of which the
 * leader's host is cut off are exactly this case on both survivors: N = 3, Q = 2, A = 1. There a force would destroy the
 * healthy pair. Whether the other survivor also says "no leader" does not matter, so that not being able to ask it costs no
 * safety: it says so during the first seconds of every such failure, and a quorum forms all the same. So the gate is stricter
 * than "those that answer and do not report no-leader are fewer than a quorum".
 *
 * <p><b>What it costs.</b> If enough managers answer but cannot elect (a raft log destroyed on one of them, say), nothing is
 * forced and the refusal says why. People have time: services go on running without a leader.
 *
 * <p><b>Whom it counts as alive.</b> Everybody who accepted a TCP connection within the last {@code hold}, not only at
 * this moment: one lost packet is no death. A manager that is up but has no leader listens too, and counts. A refused
 * connection is no answer: the host is there, its engine is not, and it takes part in no vote.
 *
 * <p><b>Which N.</b> The last leader's list and the engine's own can disagree (a manager was removed while this node was not
 * told). N from the longer list makes Q larger and the gate easier to pass, so the gate must be open for each list by
 * itself. A manager of either list whose address is unknown closes it, since it could be alive.
 *
 * <p><b>What it cannot see.</b> Managers on the far side of a cut look dead. If they are a quorum there, only a witness can
 * tell; that is why {@code guarded} asks witnesses, and why a witness must stand where the majority stands. When the others
 * are dead and not cut off, the same view is right: N = 2, Q = 2, A = 0 is the two-node swarm that lost its leader's host.
 */
public final class QuorumGate {

    private QuorumGate() {}

    /**
     * The gate's answer.
     *
     * @param refusal null if the gate is open
     * @param detail the numbers
     */
    public record Verdict(@Nullable HealRefusal refusal, String detail) {}

    /** Decides whether the managers that were seen within the last {@code windowNanos} forbid a force. */
    public static Verdict check(Membership membership, Evidence evidence, long nowNanos, long windowNanos) {
        List<Manager> others = membership.others();
        if (others.isEmpty()) {
            return new Verdict(HealRefusal.MANAGERS_UNKNOWN, "");
        }
        List<Manager> unasked =
                others.stream().filter(m -> sighting(m, evidence) == null).toList();
        if (!unasked.isEmpty()) {
            return new Verdict(HealRefusal.MANAGER_NOT_PROBED, names(unasked));
        }
        List<String> details = new ArrayList<>();
        for (List<Manager> view : membership.views()) {
            int known = view.size() + 1;
            int quorum = known / 2 + 1;
            List<Manager> alive = view.stream()
                    .filter(m -> isAlive(m, evidence, nowNanos, windowNanos))
                    .toList();
            String detail = "%d of %d other managers answer%s, quorum is %d of %d"
                    .formatted(alive.size(), view.size(), alive.isEmpty() ? "" : ": " + names(alive), quorum, known);
            if (alive.size() >= quorum) {
                return new Verdict(HealRefusal.QUORUM_WITHOUT_US, detail);
            }
            if (alive.size() + 1 >= quorum) {
                return new Verdict(HealRefusal.QUORUM_STILL_POSSIBLE, detail);
            }
            if (!details.contains(detail)) {
                details.add(detail);
            }
        }
        return new Verdict(null, String.join("; ", details));
    }

    /** {@return whether a manager counts as alive, for people} */
    static HealPreview.Answer answer(Manager manager, Evidence evidence, long now, long window) {
        Evidence.Sighting sighting = sighting(manager, evidence);
        if (sighting == null) {
            return HealPreview.Answer.NOT_ASKED;
        }
        return sighting.within(now, window) ? HealPreview.Answer.ANSWERS : HealPreview.Answer.SILENT;
    }

    private static boolean isAlive(Manager manager, Evidence evidence, long now, long window) {
        Evidence.Sighting sighting = sighting(manager, evidence);
        return sighting == null || sighting.within(now, window);
    }

    private static Evidence.@Nullable Sighting sighting(Manager manager, Evidence evidence) {
        Endpoint endpoint = manager.endpoint();
        return endpoint == null ? null : evidence.sightings().get(endpoint);
    }

    private static String names(List<Manager> managers) {
        return managers.stream().map(Manager::displayName).collect(Collectors.joining(", "));
    }
}
