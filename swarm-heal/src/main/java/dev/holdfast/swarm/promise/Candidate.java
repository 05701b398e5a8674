package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.Membership;
import dev.holdfast.swarm.peer.Lineage;

/**
 * The copy of the cluster that is to be forced.
 *
 * @param nodeId the Swarm node that has it
 * @param clusterId empty if not known
 * @param lineage how new it is
 * @param members the managers that it may have, as far as the node knows
 */
public record Candidate(String nodeId, String clusterId, Lineage lineage, Membership members) {}
