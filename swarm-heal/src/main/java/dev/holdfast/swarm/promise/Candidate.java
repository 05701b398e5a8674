package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.peer.Lineage;

/**
 * The copy of the cluster that is to be forced.
 *
 * @param nodeId the Swarm node that has it
 * @param clusterId empty if not known
 * @param lineage how new it is
 */
public record Candidate(String nodeId, String clusterId, Lineage lineage) {}
