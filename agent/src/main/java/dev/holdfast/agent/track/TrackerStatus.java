package dev.holdfast.agent.track;

import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.vrrp.policy.RiseFall;

/**
 * What is known of something that is tracked.
 *
 * @param name its name in the configuration
 * @param kind what it is
 * @param state up, down, or no result yet: then it changes nothing. A file is up as soon as its number is known
 * @param value a file's number; 0 for all others
 * @param detail the last result in a few words; empty before the first
 */
public record TrackerStatus(String name, TrackerKind kind, RiseFall.State state, int value, String detail) {
    /** The status before the first result. */
    static TrackerStatus unknown(String name, TrackerKind kind) {
        return new TrackerStatus(name, kind, RiseFall.State.UNKNOWN, 0, "");
    }
}
