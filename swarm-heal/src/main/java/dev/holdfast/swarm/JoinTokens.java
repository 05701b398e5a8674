package dev.holdfast.swarm;

/**
 * What lets a node into the Swarm.
 *
 * @param worker as a worker
 * @param manager as a manager
 */
public record JoinTokens(Secret worker, Secret manager) {}
