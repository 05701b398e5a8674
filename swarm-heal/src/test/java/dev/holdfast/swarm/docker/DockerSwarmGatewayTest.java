package dev.holdfast.swarm.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmClassifier;
import dev.holdfast.swarm.SwarmGateway.ForceRequest;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter against an engine made of canned answers, over loopback. */
class DockerSwarmGatewayTest {

    private static final String MANAGER_INFO = """
            {"Swarm":{"NodeID":"m1","NodeAddr":"10.0.0.1","LocalNodeState":"active","ControlAvailable":true,"Error":"%s",
             "RemoteManagers":[{"NodeID":"m2","Addr":"10.0.0.2:2377"},{"NodeID":"m1","Addr":"10.0.0.1:2377"}],
             "Cluster":{"ID":"c1","DataPathPort":4790,"Spec":{"EncryptionConfig":{"AutoLockManagers":true}}},"Future":1}}
            """;
    private static final String NODES = """
            [{"ID":"m1","Description":{"Hostname":"host1"},"Status":{"Addr":"10.0.0.1"},
              "ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"0.0.0.0:2377"}},
             {"ID":"m2","Description":{"Hostname":"host2"},"ManagerStatus":{"Reachability":"unreachable","Addr":"10.0.0.2:2377"}},
             {"ID":"limbo","Spec":{"Role":"manager"},"Description":{"Hostname":"host3"}},
             {"ID":"w1","Spec":{"Role":"worker"}}]
            """;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private DockerSwarmGateway gateway;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        gateway = new DockerSwarmGateway(
                URI.create("tcp://127.0.0.1:" + server.getAddress().getPort()), Duration.ofSeconds(2));
    }

    @AfterEach
    void stop() {
        gateway.close();
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

    private SwarmSnapshot look() {
        return SwarmClassifier.classify(gateway.observe(), 0);
    }

    @Test
    void aManagerWithALeaderIsReadInFull() {
        answer("/info", 200, MANAGER_INFO.formatted(""));
        answer("/nodes", 200, NODES);
        SwarmSnapshot snapshot = look();
        assertThat(snapshot.state()).isEqualTo(SwarmState.HAS_LEADER);
        assertThat(snapshot.selfIsLeader()).isTrue();
        assertThat(snapshot.managers())
                .extracting(Manager::displayName)
                .containsExactly("host1 (10.0.0.1:2377)", "host2 (10.0.0.2:2377)");
        assertThat(snapshot.cluster()).isNotNull();
        assertThat(snapshot.cluster().autolock()).isTrue();
        assertThat(snapshot.cluster().dataPathPort()).isEqualTo(4790);
    }

    @Test
    void theExplicitErrorIsNoLeader() {
        answer("/info", 200, MANAGER_INFO.formatted("rpc error: The swarm does not have a leader."));
        answer("/nodes", 500, "{\"message\":\"rpc error: The swarm does not have a leader. It's possible\"}\n");
        SwarmSnapshot snapshot = look();
        assertThat(snapshot.state()).isEqualTo(SwarmState.NO_LEADER);
        assertThat(snapshot.managers()).extracting(Manager::id).containsExactly("m2", "m1");
    }

    @Test
    void theNodesAreNotAskedWhenTheInfoHasAlreadyWaitedForThem() {
        answer(
                "/info",
                200,
                MANAGER_INFO.formatted("rpc error: code = DeadlineExceeded desc = context deadline exceeded"));
        answer("/nodes", 200, NODES);
        assertThat(look().state()).isEqualTo(SwarmState.ELECTING);
        assertThat(requests).hasSize(1);
    }

    @Test
    void aNodeInNoSwarmIsAskedOnce() {
        answer("/info", 200, "{\"Swarm\":{\"NodeID\":\"\",\"LocalNodeState\":\"inactive\",\"RemoteManagers\":null}}");
        assertThat(look().state()).isEqualTo(SwarmState.INACTIVE);
        assertThat(requests).containsExactly("GET /info ");
    }

    @Test
    void whatIsNoEngineIsNotUnderstood() {
        answer("/info", 200, "<html>hello</html>");
        assertThat(look().fault()).isEqualTo(EngineFault.NOT_UNDERSTOOD);
        server.removeContext("/info");
        answer("/info", 200, "{}");
        assertThat(look().fault()).isEqualTo(EngineFault.NOT_UNDERSTOOD);
        server.removeContext("/info");
        answer("/info", 200, "");
        assertThat(look().fault()).isEqualTo(EngineFault.NOT_UNDERSTOOD);
        server.removeContext("/info");
        answer("/info", 404, "page not found");
        assertThat(look().fault()).isEqualTo(EngineFault.NOT_UNDERSTOOD);
        assertThat(look().detail()).contains("404").contains("page not found");
    }

    @Test
    void anEngineThatAcceptsAndSaysNothingDoesNotAnswer() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                DockerSwarmGateway asked = new DockerSwarmGateway(
                        URI.create("tcp://127.0.0.1:" + mute.getLocalPort()), Duration.ofMillis(300))) {
            assertThat(SwarmClassifier.classify(asked.observe(), 0).fault()).isEqualTo(EngineFault.NO_ANSWER);
        }
    }

    @Test
    void anEngineThatHangsUpIsNotRunningOrNotUnderstoodButNeverAState() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                DockerSwarmGateway asked = new DockerSwarmGateway(
                        URI.create("tcp://127.0.0.1:" + rude.getLocalPort()), Duration.ofSeconds(2))) {
            Thread.ofVirtual().start(() -> {
                while (!rude.isClosed()) {
                    try {
                        rude.accept().close();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            assertThat(SwarmClassifier.classify(asked.observe(), 0).state()).isEqualTo(SwarmState.DOCKER_DOWN);
        }
    }

    @Test
    void aClosedPortIsNotRunning() {
        server.stop(0);
        assertThat(look().fault()).isEqualTo(EngineFault.NOT_RUNNING);
    }

    @Test
    void aMissingSocketIsNotRunning() {
        try (DockerSwarmGateway asked =
                new DockerSwarmGateway(URI.create("unix://" + directory.resolve("docker.sock")))) {
            SwarmSnapshot snapshot = SwarmClassifier.classify(asked.observe(), 0);
            assertThat(snapshot.fault()).as(snapshot.detail()).isEqualTo(EngineFault.NOT_RUNNING);
        }
    }

    @Test
    void aSocketThatNobodyListensOnIsNotRunning() throws IOException {
        Path socket = directory.resolve("docker.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        try (DockerSwarmGateway asked = new DockerSwarmGateway(URI.create("unix://" + socket))) {
            SwarmSnapshot snapshot = SwarmClassifier.classify(asked.observe(), 0);
            assertThat(snapshot.fault()).as(snapshot.detail()).isEqualTo(EngineFault.NOT_RUNNING);
        }
    }

    @Test
    void aForceCarriesAllThatMustStayAsItIs() {
        answer("/swarm/init", 200, "\"m1\"");
        ApiReply<String> reply =
                gateway.forceNewCluster(new ForceRequest(InetAddress.ofLiteral("10.0.0.1"), 4377, 4790));
        assertThat(reply).isEqualTo(new ApiReply.Ok<>("200, node m1"));
        assertThat(requests)
                .containsExactly(
                        "POST /swarm/init {\"ListenAddr\":\"0.0.0.0:4377\",\"AdvertiseAddr\":\"10.0.0.1:4377\","
                                + "\"ForceNewCluster\":true,\"DataPathPort\":4790,\"Spec\":{}}");
    }

    @Test
    void aRefusedForceSaysWhy() {
        answer("/swarm/init", 503, "{\"message\":\"Swarm is encrypted\"}");
        assertThat(gateway.forceNewCluster(new ForceRequest(InetAddress.ofLiteral("fd00::1"), 2377, 0)))
                .isEqualTo(new ApiReply.Refused<>(503, "Swarm is encrypted"));
        assertThat(requests.getFirst())
                .contains("[::]:2377")
                .contains("[fd00:0:0:0:0:0:0:1]:2377")
                .doesNotContain("DataPath");
    }
}
