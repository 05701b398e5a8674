package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.SwarmSnapshot;
import java.util.Set;

/**
 * All that {@link RedundancyPolicy} and {@link OldEntriesPolicy} may know. All times are on the same monotonic clock.
 *
 * @param master whether this host is MASTER
 * @param snapshot the latest look
 * @param history up to that look
 * @param agentNodes node ids of hosts whose agent was heard lately
 * @param passedOver node ids that are not to be promoted for now, since that, or being a manager, went wrong lately
 */
public record RedundancyInputs(
        ManagersConfig config,
        boolean master,
        SwarmSnapshot snapshot,
        NodeHistory history,
        Set<String> agentNodes,
        Set<String> passedOver,
        long nowNanos) {

    /** Copies the sets. */
    public RedundancyInputs {
        agentNodes = Set.copyOf(agentNodes);
        passedOver = Set.copyOf(passedOver);
    }
}
