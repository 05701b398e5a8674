package dev.holdfast.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many descriptors a running agent may have open: {@code ulimit -n}, changed from outside. */
final class Descriptors {
    private static final int USUAL = 1024;

    private Descriptors() {}

    /** From now on it can open so many more and no others. */
    static void leave(AgentProcess agent, int more) {
        Set<Integer> open = open(agent);
        int limit = 0;
        for (int free = 0; free < more || open.contains(limit); limit++) {
            if (!open.contains(limit)) {
                free++;
            }
        }
        limit(agent, limit);
    }

    /** Undoes {@link #leave}. */
    static void restore(AgentProcess agent) {
        limit(agent, USUAL);
    }

    private static void limit(AgentProcess agent, int limit) {
        // The soft limit alone: it may be raised again.
        Command.run("prlimit", "--pid", Long.toString(agent.process().pid()), "--nofile=" + limit + ":")
                .orThrow();
    }

    /** The open ones by number. */
    static Set<Integer> open(AgentProcess agent) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + agent.process().pid() + "/fd"))) {
            return open.map(path -> Integer.valueOf(path.getFileName().toString()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
