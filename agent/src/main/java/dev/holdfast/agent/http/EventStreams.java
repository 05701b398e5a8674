package dev.holdfast.agent.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a {@link Feed} by server-sent events (WHATWG HTML, 9.2). A stream ends by itself before the server's time limit for
 * responses, and its reader comes back; one that reads too slowly is cut off by that limit. So nobody holds a stream for ever.
 */
public final class EventStreams {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    /** How many streams may be open. */
    public static final int MAX_STREAMS = 32;

    /** Below {@link HttpApi}'s limit of 30 s, with room for a last write. */
    static final Duration LIFE = Duration.ofSeconds(25);

    /** How often a reader hears at least that all is as before. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** A write that is held up for as long is not the reader going away. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final Feed feed;
    private final Semaphore places = new Semaphore(MAX_STREAMS);
    private final Map<HttpRefusal, Long> refusals = new EnumMap<>(HttpRefusal.class);

    /** Streams of that feed. */
    public EventStreams(Feed feed) {
        this.feed = feed;
    }

    /** How many clients were refused so far; absent is zero. */
    public Map<HttpRefusal, Long> refusals() {
        synchronized (refusals) {
            return Map.copyOf(refusals);
        }
    }

    /** Takes a place for one stream, if there is one; {@link #serve} gives it back. */
    boolean admit() {
        boolean admitted = places.tryAcquire();
        if (!admitted) {
            refused(HttpRefusal.TOO_MANY_STREAMS);
        }
        return admitted;
    }

    /** Answers an admitted client until its stream's time is over or it goes away. */
    void serve(HttpExchange exchange) throws IOException {
        long start = System.nanoTime();
        long writing = start;
        try {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            write(out, "retry: 500\n\n");
            long end = start + LIFE.toNanos();
            long told = 0;
            for (long left = LIFE.toNanos(); left > 0; left = end - System.nanoTime()) {
                Optional<Feed.Version> version = feed.next(told, Duration.ofNanos(Math.min(left, BEAT.toNanos())));
                writing = System.nanoTime();
                if (version.isPresent()) {
                    told = version.get().number();
                    write(out, "event: cluster\ndata: " + version.get().json() + "\n\n");
                } else {
                    write(out, "event: beat\ndata: 1\n\n");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (System.nanoTime() - writing > SLOW.toNanos()) {
                refused(HttpRefusal.SLOW_READER);
            }
            throw e;
        } finally {
            places.release();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void refused(HttpRefusal reason) {
        LOG.debug("HTTP refuses a client: {}: {}", reason.label(), reason.text());
        synchronized (refusals) {
            refusals.merge(reason, 1L, Long::sum);
        }
    }
}
