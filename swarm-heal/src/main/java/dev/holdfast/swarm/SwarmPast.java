package dev.holdfast.swarm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this host's engine was ever seen in a Swarm, also before a restart: kept in {@code ever-in-swarm}. */
final class SwarmPast {
    /** The file in the state directory. */
    static final String FILE = "ever-in-swarm";

    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    private final Path file;
    private boolean ever;
    private boolean saved;
    private boolean failed;

    SwarmPast(Path stateDir) {
        this.file = stateDir.resolve(FILE);
        // The managers known to an agent older than this file are proof as well.
        this.saved = Files.exists(file);
        this.ever = saved || Files.exists(stateDir.resolve(KnownManagers.FILE));
    }

    /** Looks at one more snapshot. */
    void note(SwarmSnapshot seen) {
        if (saved || (seen.nodeId().isEmpty() && seen.state() != SwarmState.LOCKED)) {
            return;
        }
        ever = true;
        try {
            StateFiles.replace(file, (seen.nodeId() + "\n").getBytes(StandardCharsets.UTF_8));
            saved = true;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("Swarm: cannot save that this node is in a Swarm: {}", e.toString());
            }
            failed = true;
        }
    }

    boolean ever() {
        return ever;
    }
}
