package dev.holdfast.agent.track;

import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.vrrp.policy.RiseFall;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at one {@link Probe} on a virtual thread of its own, at a fixed rate, and never twice at the same time. */
final class Tracker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

    private final Probe probe;
    private final Runnable changed;
    private final RiseFall riseFall;
    private final boolean takesOver;
    private final Thread thread;
    private volatile TrackerStatus status;

    /**
     * A tracker that does not look yet.
     *
     * @param before what a tracker of the same thing knew, which holds until there is a new result; or null
     * @param changed called on the tracker's thread after its state or value changed
     */
    Tracker(Probe probe, @Nullable TrackerStatus before, Runnable changed) {
        this.probe = probe;
        this.changed = changed;
        this.riseFall = new RiseFall(probe.rise(), probe.fall());
        this.takesOver = before != null;
        TrackerStatus start = before == null ? TrackerStatus.unknown(probe.name(), probe.kind()) : before;
        RiseFall.State state = start.state() == RiseFall.State.UNKNOWN ? probe.initialState() : start.state();
        if (state != RiseFall.State.UNKNOWN) {
            riseFall.record(state == RiseFall.State.UP);
        }
        this.status = new TrackerStatus(probe.name(), probe.kind(), state, start.value(), start.detail());
        this.thread = Thread.ofVirtual().name("track-" + probe.name()).unstarted(this::work);
    }

    void start() {
        thread.start();
    }

    Probe probe() {
        return probe;
    }

    TrackerStatus status() {
        return status;
    }

    /** Ends it, and a running script with it. */
    @Override
    public void close() {
        thread.interrupt();
    }

    /** Waits until its thread has ended, and a script with it; not longer than the time, in nanoseconds. */
    void awaitEnd(long nanos) {
        try {
            thread.join(Duration.ofNanos(nanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        long next = System.nanoTime();
        try {
            if (!takesOver) {
                probe.prepare();
            }
            while (!Thread.interrupted()) {
                probe.look(this::record);
                next = Math.max(next + probe.interval().toNanos(), System.nanoTime());
                for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    LockSupport.parkNanos(left);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void record(Reading reading) {
        TrackerStatus before = status;
        boolean isNew = riseFall.record(reading.success());
        status = new TrackerStatus(probe.name(), probe.kind(), riseFall.state(), reading.value(), reading.detail());
        if (isNew || before.value() != reading.value()) {
            LOG.info("{} {} is {}: {}", title(probe.kind()), probe.name(), riseFall.state(), reading.detail());
            changed.run();
        }
    }

    private static String title(TrackerKind kind) {
        return switch (kind) {
            case SCRIPT -> "Script";
            case INTERFACE -> "Interface";
            case CHECK -> "Check";
            case FILE -> "File";
            case PROCESS -> "Process";
            case SWARM -> "Swarm";
        };
    }
}
