package dev.holdfast.swarm.promise;

/**
 * A promise not to force, nor to let anybody else, because somebody may be forcing.
 *
 * @param epoch the number of the force it is for, 1 or more; a promiser grants each number once
 * @param identity of the holder's book, by which alone it is told from others
 * @param holder the holder's name, for people
 * @param nodeId the Swarm node whose copy the holder wants to force
 * @param clusterId of that copy, empty if not known
 */
public record Grant(long epoch, String identity, String holder, String nodeId, String clusterId) {}
