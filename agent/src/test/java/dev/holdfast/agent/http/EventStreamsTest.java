package dev.holdfast.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers of raw sockets, as browsers are behind EventSource. */
@Timeout(90)
class EventStreamsTest {
    private final Counting feed = new Counting();
    private final EventStreams streams = new EventStreams(feed);
    private final List<Socket> open = new ArrayList<>();
    private HttpApi api;

    /** A feed whose versions a test makes. */
    private static final class Counting implements Feed {
        private long number;
        private String json = "";

        @Override
        public synchronized Optional<Version> next(long than, Duration limit) throws InterruptedException {
            long end = System.nanoTime() + limit.toNanos();
            for (long left = limit.toNanos(); number <= than && left > 0; left = end - System.nanoTime()) {
                wait(left / 1_000_000 + 1);
            }
            return number > than ? Optional.of(new Version(number, json)) : Optional.empty();
        }

        synchronized void tell(String next) {
            number++;
            json = next;
            notifyAll();
        }
    }

    @BeforeEach
    void start() {
        api = new HttpApi(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new NoPages(),
                streams,
                Duration.ofMillis(50),
                () -> true);
        await().until(() -> api.address() != null);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        api.close();
    }

    private Socket ask() throws IOException {
        Socket socket = new Socket(api.address().getAddress(), api.address().getPort());
        open.add(socket);
        socket.setSoTimeout(40_000);
        socket.getOutputStream()
                .write("GET /api/v1/events HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.equals(wanted)) {
            line = lines.readLine();
        }
        assertThat(line).isEqualTo(wanted);
    }

    @Test
    void aReaderHearsTheLatestAtOnceAndThenEachNewOne() throws Exception {
        feed.tell("{\"n\":1}");
        feed.tell("{\"n\":2}");
        BufferedReader lines = lines(ask());
        assertThat(lines.readLine()).isEqualTo("HTTP/1.1 200 OK");
        awaitLine(lines, "data: {\"n\":2}");
        feed.tell("{\"n\":3}");
        awaitLine(lines, "event: cluster");
        awaitLine(lines, "data: {\"n\":3}");
        // Nothing new: a sign of life all the same.
        awaitLine(lines, "event: beat");
    }

    @Test
    void oneStreamMoreThanThereMayBeIsRefusedByNameUntilAPlaceIsFree() throws Exception {
        feed.tell("{}");
        for (int i = 0; i < EventStreams.MAX_STREAMS; i++) {
            awaitLine(lines(ask()), "data: {}");
        }
        BufferedReader refused = lines(ask());
        assertThat(refused.readLine()).startsWith("HTTP/1.1 503");
        awaitLine(refused, "too-many-streams: " + HttpRefusal.TOO_MANY_STREAMS.text());
        assertThat(streams.refusals()).containsEntry(HttpRefusal.TOO_MANY_STREAMS, 1L);

        open.removeFirst().close();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            // Who went away is noticed when it is told something, and no sooner.
            feed.tell("{}");
            return lines(ask()).readLine().equals("HTTP/1.1 200 OK");
        });
    }

    @Test
    void whoeverHoldsStreamsHoldsUpNobodyElse() throws Exception {
        for (int i = 0; i < EventStreams.MAX_STREAMS; i++) {
            ask();
        }
        Socket other = new Socket(api.address().getAddress(), api.address().getPort());
        open.add(other);
        other.getOutputStream().write("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(lines(other).readLine()).isEqualTo("HTTP/1.1 200 OK");
    }

    /** Takes as long as the server's limit, 30 s. */
    @Test
    @Tag("soak")
    void aReaderThatTakesNothingIsCutOffAndCounted() throws Exception {
        feed.tell("\"" + "x".repeat(16 << 20) + "\"");
        ask();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> streams.refusals().getOrDefault(HttpRefusal.SLOW_READER, 0L) == 1);
    }

    /** Takes as long as a stream lives, 25 s. */
    @Test
    @Tag("soak")
    void aStreamEndsByItselfSoThatItsPlaceIsFreeForOthers() throws Exception {
        feed.tell("{}");
        BufferedReader lines = lines(ask());
        String last = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            last = line;
            if (line.equals("0")) {
                break;
            }
        }
        assertThat(last).as("the end of a chunked answer").isEqualTo("0");
        assertThat(streams.refusals()).isEmpty();
    }

    private static final class NoPages implements Pages {
        private static final Page EMPTY = new Page(200, "text/plain", "");

        @Override
        public Page metrics() {
            return EMPTY;
        }

        @Override
        public Page health() {
            return EMPTY;
        }

        @Override
        public Page readiness() {
            return EMPTY;
        }

        @Override
        public Page status() {
            return EMPTY;
        }

        @Override
        public Page cluster() {
            return EMPTY;
        }
    }
}
