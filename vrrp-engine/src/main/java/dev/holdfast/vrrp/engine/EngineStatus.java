package dev.holdfast.vrrp.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is true of all instances together.
 *
 * @param groups in the order of the configuration
 * @param startsAt when the start-up delay ends, while it lasts (wall clock)
 */
public record EngineStatus(List<GroupStatus> groups, Optional<Instant> startsAt) {
    public EngineStatus {
        groups = List.copyOf(groups);
    }
}
