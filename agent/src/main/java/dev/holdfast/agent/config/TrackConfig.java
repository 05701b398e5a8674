package dev.holdfast.agent.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an instance's effective priority depends on. All but interfaces refer to {@link VrrpConfig#trackers()}, at most once to
 * each.
 *
 * @param scripts programs that are run
 * @param interfaces network interfaces whose link must be up, besides the instance's own
 * @param checks services that the agent connects to
 * @param files files that hold a number
 * @param processes processes that must run
 * @param swarm how it follows the Swarm; empty if it does not
 */
public record TrackConfig(
        List<Tracked> scripts,
        List<Tracked> interfaces,
        List<Tracked> checks,
        List<Tracked> files,
        List<Tracked> processes,
        Optional<SwarmTracking> swarm) {
    /** Tracks nothing. */
    public static final TrackConfig NONE = new TrackConfig(List.of(), List.of());

    public TrackConfig {
        scripts = List.copyOf(scripts);
        interfaces = List.copyOf(interfaces);
        checks = List.copyOf(checks);
        files = List.copyOf(files);
        processes = List.copyOf(processes);
    }

    /** Tracks scripts and interfaces alone. */
    public TrackConfig(List<Tracked> scripts, List<Tracked> interfaces) {
        this(scripts, interfaces, List.of(), List.of(), List.of());
    }

    /** Does not follow the Swarm. */
    public TrackConfig(
            List<Tracked> scripts,
            List<Tracked> interfaces,
            List<Tracked> checks,
            List<Tracked> files,
            List<Tracked> processes) {
        this(scripts, interfaces, checks, files, processes, Optional.empty());
    }

    /** These and the others; what both name counts as it is here. */
    TrackConfig and(TrackConfig others) {
        return new TrackConfig(
                both(scripts, others.scripts),
                both(interfaces, others.interfaces),
                both(checks, others.checks),
                both(files, others.files),
                both(processes, others.processes),
                swarm.or(others::swarm));
    }

    private static List<Tracked> both(List<Tracked> own, List<Tracked> others) {
        Set<String> names = own.stream().map(Tracked::name).collect(Collectors.toSet());
        return Stream.concat(own.stream(), others.stream().filter(other -> !names.contains(other.name())))
                .toList();
    }

    /** Those of one kind, in the order of the configuration. */
    public List<Tracked> of(TrackerKind kind) {
        return switch (kind) {
            case SCRIPT -> scripts;
            case INTERFACE -> interfaces;
            case CHECK -> checks;
            case FILE -> files;
            case PROCESS -> processes;
            case SWARM -> swarm.map(SwarmTracking::tracked).orElse(List.of());
        };
    }
}
