package dev.holdfast.swarm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this host's engine was ever seen in a Swarm, also before a restart: kept in {@code ever-in-swarm}. */
final class SwarmPast {
    /** The file in the state directory. */
    static final String FILE = "ever-in-swarm";

    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    private final StateStore store;
    private boolean ever;
    private boolean saved;
    private boolean failed;

    SwarmPast(StateStore store) {
        this.store = store;
        this.saved = isThere(FILE);
        // The managers known to an agent older than this file are proof as well.
        this.ever = saved || isThere(KnownManagers.FILE);
    }

    private boolean isThere(String name) {
        try {
            return store.size(name) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Looks at one more snapshot. */
    void note(SwarmSnapshot seen) {
        if (saved || (seen.nodeId().isEmpty() && seen.state() != SwarmState.LOCKED)) {
            return;
        }
        ever = true;
        try {
            store.replace(FILE, (seen.nodeId() + "\n").getBytes(StandardCharsets.UTF_8));
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
