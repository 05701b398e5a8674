package dev.holdfast.agent.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpApiTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Pages pages = new Pages() {
        @Override
        public Page metrics() {
            return new Page(200, "text/plain; version=0.0.4; charset=utf-8", "m 1\n");
        }

        @Override
        public Page health() {
            return new Page(503, "text/plain", "ill\n");
        }

        @Override
        public Page readiness() {
            return new Page(200, "text/plain", "ready\n");
        }

        @Override
        public Page status() {
            return new Page(200, "application/json", "{}\n");
        }

        @Override
        public Page cluster() {
            return new Page(200, "application/json", "{\"agents\":[]}\n");
        }
    };
    private final EventStreams streams = new EventStreams((_, _) -> Optional.empty());
    private final AtomicBoolean spareDescriptors = new AtomicBoolean(true);
    private HttpApi api;

    @BeforeEach
    void open() {
        api = new HttpApi(ANY_PORT, pages, streams, Duration.ofMillis(50), spareDescriptors::get);
        await().until(() -> api.address() != null);
    }

    @AfterEach
    void close() {
        api.close();
        client.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/metrics, 200, 'm 1\n'",
        "/healthz, 503, 'ill\n'",
        "/readyz, 200, 'ready\n'",
        "/api/v1/status, 200, '{}\n'",
        "/api/v1/cluster, 200, '{\"agents\":[]}\n'",
        "/metrics/, 404, ",
        "/api, 404, ",
        "/../etc/passwd, 404, "
    })
    void aPathIsItsPage(String path, int status, String body) throws Exception {
        HttpResponse<String> answer = send("GET", path);
        assertThat(answer.statusCode()).isEqualTo(status);
        if (body != null) {
            assertThat(answer.body()).isEqualTo(body);
        }
    }

    @Test
    void theFrontPageRunsItsOwnScriptAloneAndLoadsNothingFromElsewhere() throws Exception {
        HttpResponse<String> answer = send("GET", "/");
        String page = answer.body();
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page).contains("/api/v1/cluster", "/api/v1/status", "/metrics", "<main", "lang=\"en\"");
        assertThat(page)
                .doesNotContain("innerHTML =", "insertAdjacentHTML", "document.write", "eval(", "style=", "onclick=\"");
        assertThat(Pattern.compile("(?:src|href)=\"([^\"]*)\"")
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1)))
                .allMatch(target -> target.startsWith("/"));
        String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy)
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                .contains("script-src '" + sha256(between(page, "<script>", "</script>")) + "'")
                .contains("style-src '" + sha256(between(page, "<style>", "</style>")) + "'")
                .doesNotContain("unsafe");
    }

    private static String between(String text, String start, String end) {
        return text.substring(text.indexOf(start) + start.length(), text.indexOf(end));
    }

    private static String sha256(String text) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "sha256-" + Base64.getEncoder().encodeToString(hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/api/v1/status", "/api/v1/events", "/nothing"})
    void noBrowserGuessesATypeOrShowsItInAnotherPage(String path) throws Exception {
        HttpResponse<String> answer = send("HEAD", path);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(
                        policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void nothingCanBeChanged(String method) throws Exception {
        HttpResponse<String> answer = send(method, "/api/v1/status");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void headIsAnsweredWithoutABody() throws Exception {
        HttpResponse<String> answer = send("HEAD", "/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void clientsThatSendNothingHoldNobodyUp() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket socket =
                        new Socket(api.address().getAddress(), api.address().getPort());
                socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whenDescriptorsRunOutItLetsGoOfItsOwnUntilThereAreSomeAgain() throws Exception {
        InetSocketAddress address = api.address();
        try (Socket idle = new Socket(address.getAddress(), address.getPort())) {
            // Accepted, for the next one is answered.
            assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
            spareDescriptors.set(false);
            idle.setSoTimeout(10_000);
            assertThat(idle.getInputStream().read()).isNegative();
            await().until(() -> api.address() == null);
        }
        spareDescriptors.set(true);
        await().until(() -> api.address() != null);
        assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void aPortInUseIsTriedAgainUntilItIsFree() throws Exception {
        HttpApi waiting;
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            waiting = new HttpApi(
                    new InetSocketAddress(occupied.getInetAddress(), occupied.getLocalPort()),
                    pages,
                    streams,
                    Duration.ofMillis(50),
                    () -> true);
            assertThat(waiting.address()).isNull();
        }
        try (waiting) {
            await().until(() -> waiting.address() != null);
            assertThat(send(waiting, "GET", "/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void afterTheEndNobodyAnswers() {
        InetSocketAddress address = api.address();
        api.close();
        assertThat(api.address()).isNull();
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> new Socket(address.getAddress(), address.getPort()).close())
                .isInstanceOf(java.io.IOException.class);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return send(api, method, path);
    }

    private HttpResponse<String> send(HttpApi to, String method, String path) throws Exception {
        URI uri = new URI("http", null, "127.0.0.1", to.address().getPort(), path, null, null);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(10))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
