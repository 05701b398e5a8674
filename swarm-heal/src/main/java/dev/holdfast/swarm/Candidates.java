package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.Peers;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whose copy of the cluster should be forced, if several survivors could: the newest. Pure. */
public final class Candidates {

    private Candidates() {}

    /** The answer. */
    public sealed interface Choice {}

    /** This node's: nobody's is newer. Of equals the MASTER's own moves first. */
    public record Self() implements Choice {}

    /** Another agent's, which can be asked to heal. */
    public record Other(String agent, Lineage lineage) implements Choice {}

    /** Another agent's, which cannot heal now, or has been silent for too short a time to count as gone. */
    public record Unready(String agent, Lineage lineage, String why) implements Choice {}

    /** The other was asked to heal and agreed, or did not; {@code atNanos} on the healer's clock. */
    public record Asked(String agent, boolean agreed, String answer, long atNanos) implements Choice {}

    /**
     * Who belongs to this cluster.
     *
     * @param clusterId empty if not known
     * @param managerIds node ids
     */
    public record Kin(String clusterId, Set<String> managerIds) implements Predicate<AgentReport> {

        /** Copies the set. */
        public Kin {
            managerIds = Set.copyOf(managerIds);
        }

        @Override
        public boolean test(AgentReport report) {
            return (!report.clusterId().isEmpty() && report.clusterId().equals(clusterId))
                    || (!report.nodeId().isEmpty() && managerIds.contains(report.nodeId()));
        }
    }

    /**
     * Chooses.
     *
     * @param own how new this node's copy is
     * @param freshNanos a report not older than this is taken for the present
     * @param goneNanos one that has said nothing for so long is gone
     */
    public static Choice choose(
            Lineage own, Kin kin, List<Peers.Heard> heard, long nowNanos, long freshNanos, long goneNanos) {
        Peers.Heard best = heard.stream()
                .filter(h -> nowNanos - h.atNanos() <= Math.max(freshNanos, goneNanos))
                .filter(h -> kin.test(h.report()) && isNewer(h.report(), own))
                .max(Comparator.comparing((Peers.Heard h) -> h.report().lineage())
                        .thenComparing(h -> h.report().agent()))
                .orElse(null);
        if (best == null) {
            return new Self();
        }
        AgentReport report = best.report();
        long age = nowNanos - best.atNanos();
        if (age > freshNanos) {
            return new Unready(
                    report.agent(), report.lineage(), "it was last heard " + age / 1_000_000_000L + " s ago");
        }
        return report.state() == SwarmState.NO_LEADER
                ? new Other(report.agent(), report.lineage())
                : new Unready(report.agent(), report.lineage(), "its engine is " + report.state());
    }

    /**
     * A later epoch is newer whatever its engine does: there was a force, and what came of it must not be forked. A greater index
     * alone counts only where the engine runs, or else a leader whose engine is dead for good could never be replaced.
     */
    private static boolean isNewer(AgentReport report, Lineage own) {
        Lineage theirs = report.lineage();
        @Nullable SwarmState state = report.state();
        boolean runs = state == SwarmState.NO_LEADER || state == SwarmState.ELECTING || state == SwarmState.STARTING;
        return theirs.epoch() > own.epoch() || (runs && theirs.compareTo(own) > 0);
    }
}
