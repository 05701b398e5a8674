package dev.holdfast.agent.config;

import dev.holdfast.vrrp.engine.EngineSpec;
import dev.holdfast.vrrp.engine.GroupSpec;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.announce.FrameBudget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The virtual routers of this host.
 *
 * @param instances in the order of their names; unique by name, and by interface, virtual router id and family
 * @param trackers by kind, in the order of their names; everything that an instance tracks, interfaces apart, is among them
 * @param groups in the order of their names; each instance is a member of one at most
 * @param startupDelay how long after the agent's start all instances only listen
 * @param fifo where each transition is written as a line
 * @param realTime whether the event loop is scheduled in real time where that is permitted
 * @param announcementsPerSecond how many frames all instances together announce their addresses with, at most
 */
public record VrrpConfig(
        List<InstanceConfig> instances,
        List<TrackerConfig> trackers,
        List<GroupConfig> groups,
        Duration startupDelay,
        Optional<Path> fifo,
        boolean realTime,
        int announcementsPerSecond) {
    public VrrpConfig {
        instances = List.copyOf(instances);
        trackers = List.copyOf(trackers);
        groups = List.copyOf(groups);
    }

    /** Without groups, delay and a FIFO, in real time. */
    public VrrpConfig(List<InstanceConfig> instances, List<TrackerConfig> trackers) {
        this(instances, trackers, List.of(), Duration.ZERO, Optional.empty(), true, FrameBudget.DEFAULT_PER_SECOND);
    }

    /** What the engine is to run. */
    public EngineSpec engineSpec() {
        return new EngineSpec(
                specs(),
                groups.stream()
                        .map(group -> new GroupSpec(group.name(), group.members()))
                        .toList(),
                startupDelay);
    }

    /** The instances with what their sync groups add: what these track, and whether changed priorities are told. */
    public List<InstanceConfig> groupedInstances() {
        return instances.stream().map(this::grouped).toList();
    }

    /** Whether any instance follows the Swarm. */
    public boolean tracksSwarm() {
        return groupedInstances().stream()
                .anyMatch(instance -> instance.track().swarm().isPresent());
    }

    /** One of {@link #groupedInstances}; empty if there is none of the name. */
    public Optional<InstanceConfig> instance(String name) {
        return instances.stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst()
                .map(this::grouped);
    }

    private InstanceConfig grouped(InstanceConfig instance) {
        return groups.stream()
                .filter(group -> group.members().contains(instance.name()))
                .findFirst()
                .map(group -> new InstanceConfig(
                        instance.spec(),
                        instance.track().and(group.track()),
                        instance.hooks()
                                .withPriorityChanges(instance.hooks().priorityChanges()
                                        || group.hooks().priorityChanges())))
                .orElse(instance);
    }

    /** What the engine runs of it. */
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
