package dev.holdfast.swarm.peer;

import dev.holdfast.swarm.SwarmState;
import org.jspecify.annotations.Nullable;

/**
 * What an agent tells the others of itself.
 *
 * @param agent its name ({@code holdfast.node}), unique among the agents
 * @param master whether it holds a virtual address
 * @param state what its engine is to the Swarm; null before its first look, or if it does not watch one
 * @param stateMillis for how long, without a break, milliseconds
 * @param nodeId its node id in the Swarm, empty if none
 * @param nodeAddress the address the Swarm knows that node by, empty if none
 * @param clusterId empty if not known
 * @param leaderId the node id of the leader it sees, empty without one
 * @param lineage how new its copy of the cluster is
 * @param everInSwarm whether it has ever seen its engine in a Swarm, also before a restart
 */
public record AgentReport(
        String agent,
        boolean master,
        @Nullable SwarmState state,
        long stateMillis,
        String nodeId,
        String nodeAddress,
        String clusterId,
        String leaderId,
        Lineage lineage,
        boolean everInSwarm) {}
