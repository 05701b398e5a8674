package dev.holdfast.agent.track;

import dev.holdfast.swarm.SwarmSnapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What healing sees of the Swarm, look by look; no tracker asks the engine a second time. */
public final class SwarmLooks {
    private @Nullable SwarmSnapshot latest;

    /** The engine was looked at. Never blocks for long. */
    public synchronized void looked(SwarmSnapshot snapshot) {
        latest = snapshot;
        notifyAll();
    }

    /** The latest look; empty before the first. */
    public synchronized Optional<SwarmSnapshot> latest() {
        return Optional.ofNullable(latest);
    }

    /** Waits for another look than that one. */
    synchronized SwarmSnapshot awaitOther(@Nullable SwarmSnapshot than) throws InterruptedException {
        SwarmSnapshot now = latest;
        while (now == null || (than != null && now.observedNanos() == than.observedNanos())) {
            wait();
            now = latest;
        }
        return now;
    }
}
