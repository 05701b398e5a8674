package dev.holdfast.agent.track;

import static dev.holdfast.agent.Fixtures.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.agent.config.CheckConfig;
import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.TrackConfig;
import dev.holdfast.agent.config.Tracked;
import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.policy.RiseFall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Built-in checks against real servers on the loopback interface. */
class CheckTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Map<String, EffectivePriority> outcomes = new ConcurrentHashMap<>();
    private final Trackers trackers = new Trackers(outcomes::put, new Interfaces());

    @AfterEach
    void end() {
        trackers.close();
    }

    @ParameterizedTest
    @CsvSource({
        "200, 200, 399, UP",
        "204, 200, 399, UP",
        "301, 200, 399, UP",
        "301, 200, 299, DOWN",
        "401, 401, 401, UP",
        "404, 200, 399, DOWN",
        "503, 200, 399, DOWN"
    })
    void theStatusDecides(int status, int lowest, int highest, RiseFall.State expected) throws IOException {
        HttpServer server = HttpServer.create(loopback(), 0);
        server.createContext("/healthz", exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            track(http("http://127.0.0.1:" + server.getAddress().getPort() + "/healthz", lowest, highest, true), LONG);
            awaitState(expected);
            assertThat(status().detail()).startsWith("status " + status);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aServiceThatGoesAwayIsAFaultAndEndsWhenItIsBack() throws IOException {
        HttpServer server = ok(0);
        int port = server.getAddress().getPort();
        track(http("http://localhost:" + port + "/", 200, 399, true), LONG);
        awaitState(RiseFall.State.UP);
        server.stop(0);
        await().until(() -> new EffectivePriority(100, List.of("check service")).equals(outcomes.get("VI_1")));
        assertThat(status().detail()).isEqualTo("connection refused");
        HttpServer again = ok(port);
        try {
            await().until(() -> new EffectivePriority(100, List.of()).equals(outcomes.get("VI_1")));
        } finally {
            again.stop(0);
        }
    }

    /** Where each of them hangs, the deadline must hold. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n"
            })
    void aServerThatHangsIsDownAtTheDeadlineAndIsNeverAskedTwiceAtOnce(String beginning) throws IOException {
        try (Hanging server = new Hanging(beginning)) {
            long start = System.nanoTime();
            track(http("http://127.0.0.1:" + server.port() + "/", 200, 399, true), SHORT);
            awaitState(RiseFall.State.DOWN);
            assertThat(status().detail()).isEqualTo("no answer within 300 ms");
            await().until(() -> server.asked.get() >= 4);
            // Three deadlines lie before the fourth request; a server may see the end of a request late,
            // but never its beginning early.
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(SHORT.multipliedBy(3).minus(INTERVAL));
        }
    }

    @Test
    void aBodyWithoutAnEndIsDown() throws IOException {
        HttpServer server = HttpServer.create(loopback(), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                byte[] much = new byte[64 * 1024];
                while (true) {
                    body.write(much);
                }
            }
        });
        server.start();
        try {
            track(http("http://127.0.0.1:" + server.getAddress().getPort() + "/", 200, 399, true), LONG);
            awaitState(RiseFall.State.DOWN);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, UP", "true, DOWN"})
    void aCertificateOfNobodyIsAcceptedOnlyWhereItIsNotVerified(
            boolean verify, RiseFall.State expected, @TempDir Path folder) throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder)));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            // The certificate is of another host too.
            track(http("https://127.0.0.1:" + server.getAddress().getPort() + "/", 200, 399, verify), LONG);
            awaitState(expected);
            if (verify) {
                assertThat(status().detail()).contains("certification path");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aPortThatAcceptsIsUpAndOneThatRefusesIsDown() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            track(new CheckConfig.Tcp(InetSocketAddress.createUnresolved("127.0.0.1", port)), LONG);
            awaitState(RiseFall.State.UP);
        }
        awaitState(RiseFall.State.DOWN);
        assertThat(status().detail()).containsIgnoringCase("refused");
    }

    @Test
    void aPortWhoseBacklogIsFullIsDownAtTheDeadline() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket();
                Socket second = new Socket()) {
            // The kernel takes one more than the backlog, then it drops what asks for a connection.
            first.connect(server.getLocalSocketAddress());
            second.connect(server.getLocalSocketAddress());
            track(new CheckConfig.Tcp(InetSocketAddress.createUnresolved("127.0.0.1", server.getLocalPort())), SHORT);
            awaitState(RiseFall.State.DOWN);
            assertThat(status().detail()).isEqualTo("no answer within 300 ms");
        }
    }

    @Test
    void aNameThatDoesNotExistIsDown() {
        track(new CheckConfig.Tcp(InetSocketAddress.createUnresolved("nowhere.invalid", 80)), LONG);
        awaitState(RiseFall.State.DOWN);
        assertThat(status().detail()).isEqualTo("unknown host");
    }

    private void track(CheckConfig.Target target, Duration timeout) {
        CheckConfig check = new CheckConfig("service", target, INTERVAL, timeout, 1, 1, 0, false);
        InstanceConfig instance = new InstanceConfig(
                spec("VI_1", 51, 100),
                new TrackConfig(List.of(), List.of(), List.of(new Tracked("service", 0, false)), List.of(), List.of()),
                NotifyConfig.NONE);
        trackers.apply(new VrrpConfig(List.of(instance), List.of(check)));
    }

    private static CheckConfig.Http http(String url, int lowest, int highest, boolean verify) {
        return new CheckConfig.Http(URI.create(url), lowest, highest, verify);
    }

    private TrackerStatus status() {
        return trackers.of("VI_1").getFirst();
    }

    private void awaitState(RiseFall.State state) {
        await().until(() -> status().state() == state);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static HttpServer ok(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        return server;
    }

    private static SSLContext selfSigned(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=elsewhere.example",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        char[] password = "changeit".toCharArray();
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    /** Answers with the beginning of an answer, then says nothing more until the other side closes. */
    private static final class Hanging implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        private final AtomicInteger asked = new AtomicInteger();
        private final String beginning;

        Hanging(String beginning) throws IOException {
            this.beginning = beginning;
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        private void serve(Socket client) {
            try (client) {
                asked.incrementAndGet();
                client.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // The check has had enough.
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
