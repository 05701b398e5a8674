package dev.holdfast.agent.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands lines to a thread that writes them. Who logs is never held up: when the reader of the output stalls and the queue is
 * full, lines are dropped and counted, and the next line that gets through says how many.
 */
public final class HandoffAppender extends AppenderBase<ILoggingEvent> {
    private static final AtomicLong DROPPED = new AtomicLong();

    private final BlockingQueue<String> lines;
    private final PrintStream out;
    private final Thread writer;
    private volatile boolean stopping;
    private long reportedDrops = DROPPED.get();

    /**
     * @param out where the lines go
     * @param capacity how many lines may wait
     */
    public HandoffAppender(PrintStream out, int capacity) {
        this.out = out;
        this.lines = new ArrayBlockingQueue<>(capacity);
        this.writer = Thread.ofPlatform().name("log").daemon().unstarted(this::write);
    }

    /** How many lines were dropped since the process started. */
    public static long dropped() {
        return DROPPED.get();
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!lines.offer(LogLine.of(event))) {
            DROPPED.incrementAndGet();
        }
    }

    /** Writes what waits, for at most a second. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        stopping = true;
        writer.interrupt();
        try {
            writer.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        while (true) {
            @Nullable String line;
            try {
                line = stopping ? lines.poll() : lines.poll(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                continue;
            }
            if (line != null) {
                emit(line);
            } else if (stopping) {
                return;
            }
        }
    }

    private void emit(String line) {
        long drops = DROPPED.get();
        if (drops != reportedDrops) {
            print(LogLine.of(
                    System.currentTimeMillis(), "WARN", (drops - reportedDrops) + " log lines were dropped", null));
            reportedDrops = drops;
        }
        print(line);
    }

    private void print(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
