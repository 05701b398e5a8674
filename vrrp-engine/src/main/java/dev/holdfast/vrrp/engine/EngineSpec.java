package dev.holdfast.vrrp.engine;

import java.time.Duration;
import java.util.List;

/**
 * All that the engine is to run on this host.
 *
 * @param instances names are unique, and so are (interface, family, virtual router id)
 * @param groups which of them move together
 * @param startupDelay how long after the first {@link VrrpEngine#apply} all instances only listen, 0 or more; no matter
 *     afterwards
 */
public record EngineSpec(List<InstanceSpec> instances, List<GroupSpec> groups, Duration startupDelay) {
    public EngineSpec {
        instances = List.copyOf(instances);
        groups = List.copyOf(groups);
    }

    /** Instances alone, which start at once. */
    public static EngineSpec of(List<InstanceSpec> instances) {
        return new EngineSpec(instances, List.of(), Duration.ZERO);
    }
}
