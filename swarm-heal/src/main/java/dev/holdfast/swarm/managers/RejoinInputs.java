package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link RejoinPolicy} may know. All times are on the same monotonic clock.
 *
 * @param channel whether other agents can be asked at all
 * @param snapshot the latest look at this host's engine
 * @param own what is remembered of this node
 * @param lineage how new this node's copy is
 * @param survivor the agent to ask, null if none has a leader of this cluster
 * @param caseSinceNanos since when the same case has been seen without a break; null if none was
 * @param lost what would be given up with a fork; null if that is not known, or was not asked
 * @param advertise the address to join with
 * @param repairsLately how often this node was taken out of a Swarm by its agent within the last hour
 */
record RejoinInputs(
        RejoinMode mode,
        boolean channel,
        SwarmSnapshot snapshot,
        OwnNode own,
        Lineage lineage,
        @Nullable Survivor survivor,
        @Nullable Long caseSinceNanos,
        @Nullable List<Inventory.Item> lost,
        AdvertiseAddress advertise,
        int repairsLately,
        long nowNanos) {

    /**
     * An agent whose engine has a leader of this node's cluster, and what that leader says of this node.
     *
     * @param standing null if it did not answer
     */
    record Survivor(AgentReport report, @Nullable Standing standing) {}
}
