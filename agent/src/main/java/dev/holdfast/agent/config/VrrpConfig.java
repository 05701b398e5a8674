package dev.holdfast.agent.config;

import dev.holdfast.vrrp.engine.InstanceSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The virtual routers of this host.
 *
 * @param instances in the order of their names; unique by name, and by interface, virtual router id and family
 * @param trackers by kind, in the order of their names; everything that an instance tracks, interfaces apart, is among them
 * @param fifo where each transition is written as a line
 * @param realTime whether the event loop is scheduled in real time where that is permitted
 */
public record VrrpConfig(
        List<InstanceConfig> instances, List<TrackerConfig> trackers, Optional<Path> fifo, boolean realTime) {
    public VrrpConfig {
        instances = List.copyOf(instances);
        trackers = List.copyOf(trackers);
    }

    /** Without a FIFO, in real time. */
    public VrrpConfig(List<InstanceConfig> instances, List<TrackerConfig> trackers) {
        this(instances, trackers, Optional.empty(), true);
    }

    /** What the engine is to run. */
    public List<InstanceSpec> specs() {
        return instances.stream().map(InstanceConfig::spec).toList();
    }

    /** The scripts among the trackers. */
    public List<ScriptConfig> scripts() {
        return trackers.stream()
                .filter(ScriptConfig.class::isInstance)
                .map(ScriptConfig.class::cast)
                .toList();
    }
}
