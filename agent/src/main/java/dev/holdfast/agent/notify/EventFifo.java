package dev.holdfast.agent.notify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each event as a line into a FIFO, in keepalived's form, {@code INSTANCE "VI_1" MASTER 100}. Nobody need read: the
 * kernel's pipe (64 KiB) and a {@link Backlog} hold what waits, and {@code LOST 3} stands where three lines are missing.
 */
final class EventFifo implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventFifo.class);
    private static final Duration LAST_LINES = Duration.ofMillis(200);

    private final Path path;
    private final Backlog backlog;
    private final Thread writer;

    /** Writes from now on; a FIFO that can't be used is logged, and its events count as lost. */
    EventFifo(Path path, Backlog backlog, Runnable lost) {
        this.path = path;
        this.backlog = backlog;
        // A platform thread: a write into a full pipe would hold up a carrier that virtual threads share.
        this.writer = Thread.ofPlatform().daemon().name("notify-fifo").start(() -> work(lost));
    }

    Path path() {
        return path;
    }

    Backlog backlog() {
        return backlog;
    }

    /** Gives a reader a moment for what waits, and ends. */
    @Override
    public void close() {
        backlog.close();
        try {
            if (!writer.join(LAST_LINES)) {
                writer.interrupt();
            }
        } catch (InterruptedException e) {
            writer.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void work(Runnable lost) {
        try (FileChannel fifo = open(path)) {
            for (Optional<Backlog.Entry> entry = backlog.take(); entry.isPresent(); entry = backlog.take()) {
                // Shorter than PIPE_BUF: the kernel writes all of it or nothing.
                ByteBuffer lines = ByteBuffer.wrap(lines(entry.get()).getBytes(StandardCharsets.UTF_8));
                while (lines.hasRemaining()) {
                    fifo.write(lines);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (IOException e) {
            if (Thread.interrupted()) {
                return;
            }
            LOG.error("The notify FIFO {} can't be used: {}", path, e.toString());
            drop(lost);
        }
    }

    private void drop(Runnable lost) {
        try {
            for (Optional<Backlog.Entry> entry = backlog.take(); entry.isPresent(); entry = backlog.take()) {
                lost.run();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private static String lines(Backlog.Entry entry) {
        NotifyEvent event = entry.event().event();
        return (entry.lostBefore() > 0 ? "LOST " + entry.lostBefore() + "\n" : "") + event.kind() + " \"" + event.name()
                + "\" " + event.state() + " " + event.priority() + "\n";
    }

    private static FileChannel open(Path path) throws IOException, InterruptedException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!mkfifo.waitFor(5, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
                throw new IOException("it can't be made");
            }
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            throw new IOException("there is something else of that name");
        }
        // For reading too: the kernel opens it at once then, and a reader that leaves is no broken pipe.
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
