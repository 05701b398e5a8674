package dev.holdfast.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;

/** A connection whose other end has proven itself. One thread reads, any may write. */
final class Link implements AutoCloseable {
    private final Socket raw;
    private final Trust.Proven peer;
    private final InputStream in;
    private final OutputStream out;
    private final Deadlines deadlines;
    private final PeerLimits limits;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile long lastByteNanos = System.nanoTime();

    Link(Socket raw, SSLSocket tls, Trust.Proven peer, Deadlines deadlines, PeerLimits limits) throws IOException {
        this.raw = raw;
        this.peer = peer;
        this.in = tls.getInputStream();
        this.out = tls.getOutputStream();
        this.deadlines = deadlines;
        this.limits = limits;
    }

    Trust.Proven peer() {
        return peer;
    }

    /** {@return for how long nothing has arrived} */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastByteNanos);
    }

    /**
     * Waits for a frame: as long as may be idle for its first byte, and then for the rest only a moment.
     *
     * @throws EOFException if the other has closed the connection
     */
    Frames.Frame read() throws IOException {
        int first;
        try (var idle = deadlines.start(raw, limits.idle())) {
            first = translated(idle, in::read);
        }
        if (first < 0) {
            throw new EOFException("closed by the other side");
        }
        lastByteNanos = System.nanoTime();
        try (var rest = deadlines.start(raw, limits.request())) {
            return translated(rest, () -> Frames.read(first, in, limits.frameBytes()));
        }
    }

    /** Writes a frame, and closes the connection if that is not done in time. */
    void write(Frames.Frame frame, Duration limit) throws IOException, InterruptedException {
        long start = System.nanoTime();
        if (!writing.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new RefusedException(PeerRefusal.TOO_SLOW, "an earlier message is still being sent");
        }
        try (var deadline = deadlines.start(raw, limit.minusNanos(System.nanoTime() - start))) {
            translated(deadline, () -> {
                Frames.write(out, frame, limits.frameBytes());
                return true;
            });
        } finally {
            writing.unlock();
        }
    }

    /** Ends the connection when the limit passes, unless the deadline is closed before. */
    Deadlines.Deadline within(Duration limit) {
        return deadlines.start(raw, limit);
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T translated(Deadlines.Deadline deadline, Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException e) {
            if (deadline.expired()) {
                throw new RefusedException(PeerRefusal.TOO_SLOW, "the time is up");
            }
            throw e;
        }
    }

    /** At once: a farewell could block as long as the other likes. */
    @Override
    public void close() {
        Deadlines.close(raw);
    }
}
