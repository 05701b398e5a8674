package dev.holdfast.agent.track;

import dev.holdfast.vrrp.policy.RiseFall;

/**
 * What is known of a tracked script or interface.
 *
 * @param name its name in the configuration
 * @param kind which of the two
 * @param state up, down, or no result yet: then it changes nothing
 * @param detail the last result in a few words; empty before the first
 */
public record TrackerStatus(String name, Kind kind, RiseFall.State state, String detail) {
    /** What can be tracked. */
    public enum Kind {
        SCRIPT,
        INTERFACE
    }
}
