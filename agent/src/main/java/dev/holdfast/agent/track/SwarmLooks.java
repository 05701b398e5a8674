package dev.holdfast.agent.track;

import dev.holdfast.swarm.SwarmSnapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What healing sees of the Swarm, look by look; no tracker asks the engine a second time. */
public final class SwarmLooks {
    private @Nullable Look latest;
    private boolean bootstrap;

    /**
     * A look at this host's engine.
     *
     * @param beforeFirstSwarm whether this host is to get into its first Swarm by itself, and is in none yet
     */
    record Look(SwarmSnapshot snapshot, boolean beforeFirstSwarm) {}

    /** Whether {@code swarm.bootstrap} is on. */
    public synchronized void bootstrap(boolean on) {
        bootstrap = on;
    }

    /**
     * The engine was looked at. Never blocks for long.
     *
     * @param everInSwarm whether it was ever seen in a Swarm
     */
    public synchronized void looked(SwarmSnapshot snapshot, boolean everInSwarm) {
        latest = new Look(snapshot, bootstrap && !everInSwarm && snapshot.isCleanlyInactive());
        notifyAll();
    }

    /** The latest look; empty before the first. */
    public synchronized Optional<SwarmSnapshot> latest() {
        return Optional.ofNullable(latest).map(Look::snapshot);
    }

    /** Waits for another look than that one. */
    synchronized Look awaitOther(@Nullable Look than) throws InterruptedException {
        Look now = latest;
        while (now == null
                || (than != null
                        && now.snapshot().observedNanos() == than.snapshot().observedNanos())) {
            wait();
            now = latest;
        }
        return now;
    }
}
