package dev.holdfast.agent.config;

import dev.holdfast.vrrp.engine.InstanceSpec;
import java.util.List;

/**
 * The virtual routers of this host.
 *
 * @param instances in the order of their names; unique by name, and by interface, virtual router id and family
 * @param scripts in the order of their names; every script that an instance tracks is among them
 * @param realTime whether the event loop is scheduled in real time where that is permitted
 */
public record VrrpConfig(List<InstanceConfig> instances, List<ScriptConfig> scripts, boolean realTime) {
    public VrrpConfig {
        instances = List.copyOf(instances);
        scripts = List.copyOf(scripts);
    }

    /** What the engine is to run. */
    public List<InstanceSpec> specs() {
        return instances.stream().map(InstanceConfig::spec).toList();
    }
}
