package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * What a promiser sees of the Swarm itself.
 *
 * @param state null if its engine was not looked at lately
 * @param nodeId the node it is or was last on, empty if none
 * @param clusterId of its own copy, empty if not known
 * @param lineage how new its own copy is
 */
public record View(@Nullable SwarmState state, String nodeId, String clusterId, Lineage lineage) {}
