package dev.holdfast.swarm;

import java.util.List;

/**
 * One look at the engine: the raw answers, not yet judged.
 *
 * @param info {@code GET /info}
 * @param nodes {@code GET /nodes}, which only a swarm with a leader answers
 */
public record SwarmObservation(ApiReply<EngineInfo> info, ApiReply<List<SwarmNode>> nodes) {}
