package dev.holdfast.agent.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Processes that must run on this host, as keepalived's {@code track_process}. Zombies do not count.
 *
 * @param name unique among the processes
 * @param process the process's name, or with {@code fullCommand} its first word, then parameters; at least one word
 * @param fullCommand whether the first word of the command line is compared instead of the kernel's name of the process (15
 *     bytes); default: if the name begins with {@code /}
 * @param paramMatch which parameters match; default EXACT if any are given, or else ANY
 * @param quorum how many must run, 0..65535; default 1
 * @param quorumMax how many may run, 0..65535; empty: any number
 * @param interval from one look to the next, 10 ms..1 d; default 1 s
 * @param forkDelay how long it must have been well until it counts as up, 0..1 h; default 0
 * @param terminateDelay how long it must not have been well until it counts as down, 0..1 h; default 0
 * @param weight -254..254, unless the tracking instance says otherwise; default 0
 * @param reverse whether it counts the other way round, unless the tracking instance says otherwise; default false
 */
public record ProcessConfig(
        String name,
        List<String> process,
        boolean fullCommand,
        ParamMatch paramMatch,
        int quorum,
        Optional<Integer> quorumMax,
        Duration interval,
        Duration forkDelay,
        Duration terminateDelay,
        int weight,
        boolean reverse)
        implements TrackerConfig {

    /** How a process's parameters are compared. */
    public enum ParamMatch {
        /** Not at all. */
        ANY,
        /** All of them, word by word, and no others. */
        EXACT,
        /** Those that are given; others may follow. */
        PARTIAL,
        /** Those that are given; the last one may be longer and others may follow. */
        INITIAL
    }

    public ProcessConfig {
        process = List.copyOf(process);
    }

    @Override
    public ProcessConfig withoutWeight() {
        return new ProcessConfig(
                name,
                process,
                fullCommand,
                paramMatch,
                quorum,
                quorumMax,
                interval,
                forkDelay,
                terminateDelay,
                0,
                false);
    }
}
