package dev.holdfast.lab.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Tells a story line by line with the time it happened at, and keeps a live line below it where there is a terminal. */
final class Timeline {
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final String CLEAR_LINE = "\r\033[2K";

    private final PrintStream out;
    private final Style style;
    private final long start = System.nanoTime();
    private Supplier<String> liveLine = () -> "";
    private boolean ended;

    Timeline(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
        if (style.live()) {
            Thread.ofPlatform().daemon().name("demo-live-line").start(this::redraw);
        }
    }

    private void redraw() {
        while (drawLive()) {
            LockSupport.parkNanos(REDRAW_NANOS);
        }
    }

    private boolean drawLive() {
        Supplier<String> line;
        synchronized (this) {
            line = liveLine;
        }
        // Computed outside the lock: the story must not wait for it.
        String text = line.get();
        synchronized (this) {
            if (!ended) {
                out.print(CLEAR_LINE + text);
                out.flush();
            }
            return !ended;
        }
    }

    /** What the live line shows from now on. */
    synchronized void live(Supplier<String> line) {
        liveLine = line;
    }

    /** A heading. */
    void chapter(String title) {
        print("");
        print(style.bold(title));
    }

    /** Something that happened now. */
    void event(String text) {
        double seconds = (System.nanoTime() - start) / 1e9;
        print(style.faint(String.format(Locale.ROOT, "%7.1f s  ", seconds)) + text);
    }

    /** Something that is good to know with the event above. */
    void note(String text) {
        print("           " + style.faint(text));
    }

    /** A plain line. */
    synchronized void print(String text) {
        out.println((style.live() && !ended ? CLEAR_LINE : "") + text);
        out.flush();
    }

    /** Lets the live line run for a while before the story goes on. */
    void letWatch(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Seconds since the beginning. */
    long seconds() {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }

    /** Ends the live line; what is printed after this is plain. */
    synchronized void end() {
        if (!ended && style.live()) {
            out.print(CLEAR_LINE);
            out.flush();
        }
        ended = true;
    }
}
