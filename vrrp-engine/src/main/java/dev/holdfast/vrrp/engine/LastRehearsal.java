package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;

/**
 * Rehearses a take-over once more right before it comes, so that it finds what it runs through in the CPU's caches; the role
 * is given back when there is time. For the event loop alone.
 */
final class LastRehearsal extends DeadlineQueue.Entry implements AutoCloseable {
    /** After the take-over and what it brings with it, and before the next can come: the least Master_Down is over 30 ms. */
    private static final long GIVE_BACK_NANOS = 20_000_000;

    private final DeadlineQueue deadlines;
    private final List<Rehearsal> rehearsals = Rehearsal.open();
    private long giveBackAt = Long.MAX_VALUE;

    /** @throws dev.holdfast.vrrp.engine.ffi.SystemCallException if the kernel refuses a socket */
    LastRehearsal(DeadlineQueue deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * A take-over comes in a moment. Of many at once the first one does it for all.
     *
     * @return whether it was played
     */
    boolean play(IpFamily family, long now) {
        for (Rehearsal rehearsal : rehearsals) {
            if (rehearsal.family() == family && rehearsal.takeOver()) {
                giveBackAt = now + GIVE_BACK_NANOS;
                deadlines.update(this);
                return true;
            }
        }
        return false;
    }

    @Override
    long deadlineNanos() {
        return giveBackAt;
    }

    @Override
    void expire(long now) {
        giveBackAt = Long.MAX_VALUE;
        for (Rehearsal rehearsal : rehearsals) {
            rehearsal.giveBack();
        }
    }

    @Override
    public void close() {
        deadlines.remove(this);
        rehearsals.forEach(Rehearsal::close);
    }
}
