package dev.holdfast.agent.config;

import java.util.List;

/**
 * What an instance's effective priority depends on.
 *
 * @param scripts references to {@link VrrpConfig#scripts()}, at most one to each
 * @param interfaces network interfaces whose link must be up, besides the instance's own
 */
public record TrackConfig(List<Tracked> scripts, List<Tracked> interfaces) {
    /** Tracks nothing. */
    public static final TrackConfig NONE = new TrackConfig(List.of(), List.of());

    public TrackConfig {
        scripts = List.copyOf(scripts);
        interfaces = List.copyOf(interfaces);
    }
}
