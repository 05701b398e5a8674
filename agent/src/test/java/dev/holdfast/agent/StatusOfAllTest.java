package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents at 127.0.0.N that answer, do not, or are none. */
@Timeout(60)
class StatusOfAllTest {
    private final List<HttpServer> servers = new ArrayList<>();
    private int port;

    @BeforeEach
    void choosePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, address(2))) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private static InetAddress address(int number) {
        return InetAddress.ofLiteral("127.0.0." + number);
    }

    private static String status(String node, String since) {
        return "{\"node\": \"" + node + "\", \"instances\": [{\"name\": \"VI_1\", \"since\": \"" + since + "\"}]}";
    }

    private void serve(int number, int code, String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address(number), port), 0);
        server.createContext("/api/v1/status", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length);
            try (exchange) {
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        servers.add(server);
    }

    @Test
    void eachAgentIsToldOnceAndWhoCanNotBeAskedIsNamedWithTheReason() throws Exception {
        serve(2, 200, status("b", "1"));
        // The same agent at another address, this one itself, and another host that has got the same name by mistake.
        serve(3, 200, status("b", "1"));
        serve(4, 200, status("a", "1"));
        serve(5, 200, status("a", "2"));
        serve(6, 503, "{\"error\": \"x\"}");
        serve(7, 200, "<html>");
        serve(8, 200, "{}");
        ObjectNode own = (ObjectNode) new ObjectMapper().readTree(status("a", "1"));
        try (ServerSocket mute = new ServerSocket(port, 5, address(9))) {
            assertThat(mute.isBound()).isTrue();
            ObjectNode all = new StatusOfAll(Duration.ofSeconds(2))
                    .gather(
                            own,
                            List.of(2, 3, 4, 5, 6, 7, 8, 9, 10).stream()
                                    .map(StatusOfAllTest::address)
                                    .toList(),
                            port);
            List<String> told = new ArrayList<>();
            all.path("agents")
                    .forEach(agent -> told.add(agent.path("address").asText() + " "
                            + agent.at("/status/node")
                                    .asText(agent.path("error").asText())));
            assertThat(told)
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("this host a"),
                            line -> assertThat(line).isEqualTo("127.0.0.2 b"),
                            line -> assertThat(line).isEqualTo("127.0.0.5 a"),
                            line -> assertThat(line).startsWith("127.0.0.6 ").contains("503"),
                            line -> assertThat(line).startsWith("127.0.0.7 ").contains("no agent"),
                            line -> assertThat(line).startsWith("127.0.0.8 ").contains("no agent"),
                            line -> assertThat(line).isEqualTo("127.0.0.9 no answer within 2000 ms"),
                            line -> assertThat(line).startsWith("127.0.0.10 ").containsIgnoringCase("refused"));
        }
    }
}
