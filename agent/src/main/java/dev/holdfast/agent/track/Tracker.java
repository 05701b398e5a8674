package dev.holdfast.agent.track;

import dev.holdfast.vrrp.policy.RiseFall;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at one {@link Probe} on a virtual thread of its own, at a fixed rate, and never twice at the same time. */
final class Tracker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);

    private final Probe probe;
    private final Runnable changed;
    private final RiseFall riseFall;
    private final Thread thread;
    private volatile TrackerStatus status;

    /** @param changed called on the tracker's thread after its state changed */
    Tracker(Probe probe, Runnable changed) {
        this.probe = probe;
        this.changed = changed;
        this.riseFall = new RiseFall(probe.rise(), probe.fall());
        this.status = new TrackerStatus(probe.name(), probe.kind(), RiseFall.State.UNKNOWN, "");
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

    private void work() {
        long next = System.nanoTime();
        try {
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

    private void record(boolean success, String detail) {
        boolean isNew = riseFall.record(success);
        status = new TrackerStatus(probe.name(), probe.kind(), riseFall.state(), detail);
        if (isNew) {
            LOG.info(
                    "{} {} is {}: {}",
                    probe.kind() == TrackerStatus.Kind.SCRIPT ? "Script" : "Interface",
                    probe.name(),
                    riseFall.state(),
                    detail);
            changed.run();
        }
    }
}
