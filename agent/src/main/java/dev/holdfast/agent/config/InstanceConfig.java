package dev.holdfast.agent.config;

import dev.holdfast.vrrp.engine.InstanceSpec;

/**
 * One virtual router with what the agent does around it.
 *
 * @param spec what the engine runs
 * @param track what raises or lowers its priority, or faults it
 * @param hooks the programs that its transitions start
 */
public record InstanceConfig(InstanceSpec spec, TrackConfig track, NotifyConfig hooks) {

    /** The instance's name. */
    public String name() {
        return spec.name();
    }
}
