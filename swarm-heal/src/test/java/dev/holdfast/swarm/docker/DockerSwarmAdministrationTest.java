package dev.holdfast.swarm.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.JoinTokens;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmAdministration.JoinRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The administrative calls against an engine made of canned answers, over loopback. */
class DockerSwarmAdministrationTest {

    private static final String KEY = "SWMKEY-1-abcdefghijklmnopqrstuvwxyz0123456789+/ABCDE";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private DockerSwarmAdministration administration;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        administration = new DockerSwarmAdministration(
                URI.create("tcp://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        administration.close();
        server.stop(0);
    }

    private void answer(String path, int status, String body) {
        server.createContext(path, exchange -> {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(sent, StandardCharsets.UTF_8));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @Test
    void aKeyIsSentAndNeverShown() {
        answer("/swarm/unlock", 200, "");
        assertThat(administration.unlock(new Secret(KEY))).isEqualTo(new ApiReply.Ok<>("done"));
        assertThat(requests).containsExactly("POST /swarm/unlock {\"UnlockKey\":\"" + KEY + "\"}");
        assertThat(new Secret(KEY)).hasToString("(hidden)");
    }

    @Test
    void anEngineThatQuotesTheKeyDoesNotMakeItPartOfTheFailure() {
        answer("/swarm/unlock", 400, "{\"message\":\"invalid key " + KEY + "\"}");
        assertThat(administration.unlock(new Secret(KEY)))
                .isEqualTo(new ApiReply.Refused<>(400, "invalid key (hidden)"));
    }

    @Test
    void aRoleIsChangedAndAllElseOfTheSpecSentBackAsItWas() {
        answer(
                "/nodes/w1",
                200,
                "{\"Version\":{\"Index\":17},\"Spec\":{\"Labels\":{\"a\":\"b\"},\"Role\":\"worker\",\"Availability\":\"drain\",\"Future\":[1]}}");
        answer("/nodes/w1/update", 200, "");
        assertThat(administration.setRole("w1", "manager")).isEqualTo(new ApiReply.Ok<>("done"));
        assertThat(requests)
                .containsExactly(
                        "GET /nodes/w1 ",
                        "POST /nodes/w1/update?version=17 {\"Labels\":{\"a\":\"b\"},\"Role\":\"manager\",\"Availability\":\"drain\",\"Future\":[1]}");
    }

    @Test
    void aNodeThatChangedMeanwhileIsARefusal() {
        answer("/nodes/w1", 200, "{\"Version\":{\"Index\":17},\"Spec\":{\"Role\":\"worker\"}}");
        answer("/nodes/w1/update", 500, "{\"message\":\"update out of sequence\"}");
        assertThat(administration.setRole("w1", "manager"))
                .isEqualTo(new ApiReply.Refused<>(500, "update out of sequence"));
    }

    @Test
    void aNodeThatIsNotThereIsNotUpdated() {
        answer("/nodes/w1", 404, "{\"message\":\"node w1 not found\"}");
        assertThat(administration.setRole("w1", "manager")).isEqualTo(new ApiReply.Refused<>(404, "node w1 not found"));
        assertThat(requests).hasSize(1);
    }

    @Test
    void aNodeIsRemovedOrLeavesWithForceOnlyWhereToldSo() {
        answer("/nodes/n1", 200, "");
        answer("/swarm/leave", 200, "");
        administration.removeNode("n1", false);
        administration.leave();
        assertThat(requests).containsExactly("DELETE /nodes/n1?force=false ", "POST /swarm/leave?force=true ");
    }

    @Test
    void aJoinNamesTheManagersAndTheAddress() {
        answer("/swarm/join", 503, "{\"message\":\"can't join with TOKEN-1\"}");
        ApiReply<String> reply = administration.join(new JoinRequest(
                new Secret("TOKEN-1"),
                List.of(new Endpoint("10.0.0.2", 2377), new Endpoint("fd00::3", 2377)),
                InetAddress.ofLiteral("10.0.0.1"),
                2377));
        assertThat(reply).isEqualTo(new ApiReply.Refused<>(503, "can't join with (hidden)"));
        assertThat(requests.getFirst())
                .contains("\"ListenAddr\":\"0.0.0.0:2377\"")
                .contains("\"AdvertiseAddr\":\"10.0.0.1:2377\"")
                .contains("\"JoinToken\":\"TOKEN-1\"")
                .contains("\"RemoteAddrs\":[\"10.0.0.2:2377\",\"[fd00::3]:2377\"]");
    }

    @Test
    void tokensAreReadAndAnAnswerWithoutThemIsNotUnderstood() {
        answer("/swarm", 200, "{\"JoinTokens\":{\"Worker\":\"w\",\"Manager\":\"m\"}}");
        assertThat(administration.tokens())
                .isEqualTo(new ApiReply.Ok<>(new JoinTokens(new Secret("w"), new Secret("m"))));
        server.removeContext("/swarm");
        answer("/swarm", 200, "{\"ID\":\"c1\"}");
        assertThat(administration.tokens())
                .isInstanceOfSatisfying(
                        ApiReply.Failed.class,
                        failed -> assertThat(failed.fault()).isEqualTo(EngineFault.NOT_UNDERSTOOD));
    }

    @Test
    void theInventoryIsWhatPeopleMadeAndNothingOfTheEnginesOwn() {
        answer(
                "/services",
                200,
                "[{\"ID\":\"s1\",\"UpdatedAt\":\"2026-01-01T00:00:00Z\",\"Spec\":{\"Name\":\"web\"}}]");
        answer("/secrets", 200, "[{\"ID\":\"x1\",\"Spec\":{\"Name\":\"password\"}}]");
        answer("/configs", 200, "[]");
        answer(
                "/networks",
                200,
                "[{\"Id\":\"n0\",\"Name\":\"ingress\",\"Ingress\":true},{\"Id\":\"n1\",\"Name\":\"back\",\"Ingress\":false}]");
        assertThat(administration.inventory())
                .isInstanceOfSatisfying(
                        ApiReply.Ok.class,
                        ok -> assertThat(((Inventory) ok.value()).items())
                                .extracting(Inventory.Item::displayName, Inventory.Item::id)
                                .containsExactly(
                                        org.assertj.core.groups.Tuple.tuple("service web", "s1"),
                                        org.assertj.core.groups.Tuple.tuple("secret password", "x1"),
                                        org.assertj.core.groups.Tuple.tuple("network back", "n1")));
    }

    @Test
    void anInventoryThatIsNotWholeIsNone() {
        answer("/services", 200, "[]");
        answer("/secrets", 500, "{\"message\":\"no leader\"}");
        assertThat(administration.inventory()).isEqualTo(new ApiReply.Refused<>(500, "no leader"));
    }
}
