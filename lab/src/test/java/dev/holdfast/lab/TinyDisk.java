package dev.holdfast.lab;

import dev.holdfast.lab.AgentProcess.Surroundings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Run-dir and state-dir on file systems of their own, small enough to fill, that this agent alone sees. */
final class TinyDisk {
    private static final String FILLER = "filler";
    private static final int PAGE = 4096;

    private TinyDisk() {}

    /** Mounts them in a mount namespace of the agent's own; the kernel removes them with the process. */
    static Surroundings around(Host host) {
        String mounts = AgentProcess.folders(host).stream()
                .map(folder -> "mkdir -p %s && mount -t tmpfs -o size=256k tmpfs %s && ".formatted(folder, folder))
                .collect(Collectors.joining());
        return new Surroundings(
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", mounts + "exec \"$@\"", "sh"),
                List.of());
    }

    /** A file or folder of the host as the agent sees it. */
    private static Path seenBy(AgentProcess agent, Path path) {
        return Path.of("/proc/" + agent.process().pid() + "/root" + path);
    }

    /** Leaves no room for anything. */
    static void fill(AgentProcess agent) {
        for (Path folder : AgentProcess.folders(agent.host())) {
            try (OutputStream out = Files.newOutputStream(seenBy(agent, folder.resolve(FILLER)))) {
                byte[] page = new byte[PAGE];
                while (true) {
                    out.write(page);
                }
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("No space left")) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Undoes {@link #fill}. */
    static void free(AgentProcess agent) {
        try {
            for (Path folder : AgentProcess.folders(agent.host())) {
                Files.delete(seenBy(agent, folder.resolve(FILLER)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The agent's {@code state} file. */
    static String stateFile(AgentProcess agent) {
        try {
            return Files.readString(seenBy(agent, agent.host().folder().resolve("run/state")), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
