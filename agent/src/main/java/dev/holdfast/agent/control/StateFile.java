package dev.holdfast.agent.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file {@code state} of the run-dir at what is: written anew on each change, replaced atomically, and tried again
 * while the disk refuses. {@link #changed} never blocks.
 */
public final class StateFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

    private final Path file;
    private final Supplier<String> content;
    private final Duration retry;
    private final Semaphore changes = new Semaphore(0);
    private final Thread writer;
    private volatile boolean closed;

    /** @param content what the file is to say, asked for at each write */
    public StateFile(Path runDir, Supplier<String> content) {
        this(runDir, content, Duration.ofSeconds(5));
    }

    StateFile(Path runDir, Supplier<String> content, Duration retry) {
        this.file = runDir.resolve("state");
        this.content = content;
        this.retry = retry;
        this.writer = Thread.ofVirtual().name("state-file").start(this::work);
    }

    /** The content may be another one now. */
    public void changed() {
        changes.release();
    }

    /** Writes the last change and ends; waits for a second at most. */
    @Override
    public void close() {
        closed = true;
        changes.release();
        try {
            writer.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        boolean wellBefore = true;
        boolean pending = true;
        while (!closed || changes.availablePermits() > 0) {
            try {
                if (pending && !wellBefore) {
                    boolean _ = changes.tryAcquire(retry.toNanos(), TimeUnit.NANOSECONDS);
                } else if (!pending) {
                    changes.acquire();
                }
            } catch (InterruptedException e) {
                return;
            }
            changes.drainPermits();
            boolean well = write(wellBefore);
            pending = !well;
            wellBefore = well;
        }
    }

    private boolean write(boolean wellBefore) {
        Path next = file.resolveSibling("state.new");
        try {
            Files.writeString(
                    next,
                    content.get(),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            if (!wellBefore) {
                LOG.info("{} can be written again", file);
            }
            return true;
        } catch (IOException e) {
            // Said once, not at every try.
            if (wellBefore) {
                LOG.warn("{} can't be written and is out of date: {}", file, RunDir.reason(e));
            }
            return false;
        }
    }
}
