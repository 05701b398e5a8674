package dev.holdfast.swarm;

/**
 * Properties of the whole swarm that matter for a later force. Known only while there is a leader, so they are remembered.
 *
 * @param id the cluster id
 * @param autolock whether managers are locked with a key: force-new-cluster fails on such a swarm and takes the node out
 * @param dataPathPort UDP port of the overlay traffic, 0 if the engine does not say; an init that does not repeat it
 *     resets it to the default
 */
public record ClusterFacts(String id, boolean autolock, int dataPathPort) {}
