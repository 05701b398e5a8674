package dev.holdfast.peer;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what takes too long by closing its socket: a read time-out alone does not stop one who sends a byte at a time. */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("peer-deadlines").factory());

    Deadlines() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /** A deadline that runs until it is closed. */
    static final class Deadline implements AutoCloseable {
        private volatile boolean expired;
        private volatile Future<?> task = java.util.concurrent.CompletableFuture.completedFuture(null);

        /** {@return whether it struck, and so closed the socket} */
        boolean expired() {
            return expired;
        }

        @Override
        public void close() {
            task.cancel(false);
        }
    }

    Deadline start(Closeable socket, Duration limit) {
        Deadline deadline = new Deadline();
        try {
            deadline.task = timer.schedule(
                    () -> {
                        deadline.expired = true;
                        close(socket);
                    },
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // The channel is being closed, and this socket with it.
            close(socket);
        }
        return deadline;
    }

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is all it can be.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
