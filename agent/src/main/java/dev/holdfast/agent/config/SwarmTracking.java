package dev.holdfast.agent.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How an instance follows the health of this host's part of the Swarm: {@code track.swarm}.
 *
 * @param require what must be so for the Swarm to count as well here
 * @param ports TCP ports of this host that must accept a connection, 1..65535
 * @param rise looks in a row that end down, 1..1000
 * @param fall looks in a row that end up, 1..1000
 * @param weight -253..0; 0 is a fault while down, and then {@code require} does not hold {@link Condition#MANAGER}
 * @param leaderWeight 0..253, added while this host leads the Swarm; 0 does not care
 */
public record SwarmTracking(
        Set<Condition> require, List<Integer> ports, int rise, int fall, int weight, int leaderWeight) {
    /** The tracker that says whether the Swarm is well here. */
    public static final String HEALTH = "health";

    /** The tracker that says whether this host leads it. */
    public static final String LEADER = "leader";

    /** {@code on}. */
    public static final SwarmTracking ON = new SwarmTracking(
            EnumSet.of(Condition.DOCKER, Condition.READY, Condition.NOT_DRAINED), List.of(), 2, 3, 0, 0);

    /** What can be required. */
    public enum Condition {
        /** The engine answers. */
        DOCKER,
        /** The node is in a Swarm, and the leader hears it. */
        READY,
        /** The node's availability is not {@code drain}. */
        NOT_DRAINED,
        /** The node is a manager of a Swarm that has a leader. Never a fault: with no leader anywhere nobody could heal. */
        MANAGER;

        /** As it is written in a configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public SwarmTracking {
        require = Set.copyOf(require);
        ports = List.copyOf(ports);
    }

    /** The one or two trackers it takes. */
    List<Tracked> tracked() {
        List<Tracked> tracked = new ArrayList<>(List.of(new Tracked(HEALTH, weight, false)));
        if (leaderWeight > 0) {
            tracked.add(new Tracked(LEADER, leaderWeight, false));
        }
        return tracked;
    }

    /** The same without what only instances care about. */
    public SwarmTracking withoutWeights() {
        return new SwarmTracking(require, ports, rise, fall, 0, 0);
    }
}
