package dev.holdfast.swarm.docker;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.ClusterFacts;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.EngineInfo;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmGateway;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmObservation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks the engine's HTTP API over docker-java's zerodep transport.
 *
 * <p>It reads and writes the JSON itself and does not use docker-java's commands: their {@code SwarmInfo} loses the cluster,
 * and their init cannot carry {@code DataPathPort}, which a force would then reset to its default. Paths carry no API
 * version, so that the engine uses its own: new engines refuse old fixed versions.
 */
public final class DockerSwarmGateway implements SwarmGateway {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** More than the engine's own 20 s, so that its verdict arrives and not ours. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(28);

    /** A force was seen to take 9 s; with the engine's own time-outs behind it, it can be more. */
    private static final Duration FORCE_TIMEOUT = Duration.ofSeconds(90);

    private static final int MAX_BODY = 16 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(DockerSwarmGateway.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI dockerHost;
    private final DockerHttpClient poll;
    private final DockerHttpClient force;

    /** A gateway that connects at the first look; {@code DOCKER_TLS_VERIFY} and {@code DOCKER_CERT_PATH} are honoured. */
    public DockerSwarmGateway(URI dockerHost) {
        this(dockerHost, READ_TIMEOUT);
    }

    DockerSwarmGateway(URI dockerHost, Duration readTimeout) {
        this.dockerHost = dockerHost;
        this.poll = client(dockerHost, readTimeout);
        this.force = client(dockerHost, FORCE_TIMEOUT);
    }

    private static DockerHttpClient client(URI dockerHost, Duration readTimeout) {
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(dockerHost)
                .maxConnections(2)
                .connectionTimeout(CONNECT_TIMEOUT)
                .responseTimeout(readTimeout);
        Map<String, String> environment = System.getenv();
        String certificates = environment.get("DOCKER_CERT_PATH");
        if ("tcp".equals(dockerHost.getScheme())
                && "1".equals(environment.get("DOCKER_TLS_VERIFY"))
                && certificates != null) {
            builder.sslConfig(new LocalDirectorySSLConfig(certificates));
        }
        return builder.build();
    }

    @Override
    public SwarmObservation observe() {
        ApiReply<EngineInfo> info = parsed(request(poll, "GET", "/info", null), DockerSwarmGateway::info);
        if (!(info instanceof ApiReply.Ok<EngineInfo>(EngineInfo engine)) || !isWorthAsking(engine)) {
            return new SwarmObservation(info, new ApiReply.NotAsked<>());
        }
        return new SwarmObservation(info, parsed(request(poll, "GET", "/nodes", null), DockerSwarmGateway::nodes));
    }

    /** Only a manager answers GET /nodes; and one that has just waited 20 s for the control plane would wait once more. */
    private static boolean isWorthAsking(EngineInfo info) {
        return info.controlAvailable() && !info.error().toLowerCase(Locale.ROOT).contains("deadline");
    }

    @Override
    public ApiReply<String> forceNewCluster(ForceRequest request) {
        String listenHost = request.advertiseAddress() instanceof Inet6Address ? "[::]" : "0.0.0.0";
        ObjectNode body = JSON.createObjectNode()
                .put("ListenAddr", listenHost + ":" + request.port())
                .put("AdvertiseAddr", literal(request.advertiseAddress()) + ":" + request.port())
                .put("ForceNewCluster", true);
        if (request.dataPathPort() > 0) {
            body.put("DataPathPort", request.dataPathPort());
        }
        body.putObject("Spec");
        return parsed(request(force, "POST", "/swarm/init", body.toString()), node -> "200, node " + node.asText());
    }

    @Override
    public void close() {
        for (DockerHttpClient client : List.of(poll, force)) {
            try {
                client.close();
            } catch (IOException e) {
                LOG.debug("closing the connection to the engine: {}", e.toString());
            }
        }
    }

    private static String literal(InetAddress address) {
        String host = address.getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    // ---- requests

    private ApiReply<byte[]> request(DockerHttpClient client, String method, String path, @Nullable String body) {
        var request = DockerHttpClient.Request.builder().method(method).path(path);
        if (body != null) {
            request.putHeader("Content-Type", "application/json").bodyBytes(body.getBytes(StandardCharsets.UTF_8));
        }
        try (DockerHttpClient.Response response = client.execute(request.build())) {
            byte[] bytes;
            try (InputStream stream = response.getBody()) {
                bytes = stream.readNBytes(MAX_BODY);
            }
            int status = response.getStatusCode();
            return status >= 200 && status < 300
                    ? new ApiReply.Ok<>(bytes)
                    : new ApiReply.Refused<>(status, message(bytes));
        } catch (IOException | RuntimeException e) {
            return new ApiReply.Failed<>(fault(e), detail(e));
        }
    }

    private static String message(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            JsonNode node = JSON.readTree(text);
            return node != null && node.path("message").isTextual()
                    ? node.path("message").asText()
                    : text;
        } catch (JacksonException e) {
            return text;
        }
    }

    private EngineFault fault(Throwable failure) {
        if (isUnixSocketForbidden()) {
            return EngineFault.PERMISSION_DENIED;
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
            if (t instanceof AccessDeniedException || text.contains("permission denied")) {
                return EngineFault.PERMISSION_DENIED;
            }
            if (text.contains("connect timed out")) {
                return EngineFault.NOT_RUNNING;
            }
            if (t instanceof SocketTimeoutException || text.contains("timed out") || text.contains("timeout")) {
                return EngineFault.NO_ANSWER;
            }
            if (t instanceof ConnectException
                    || t instanceof SocketException
                    || t instanceof UnknownHostException
                    || t instanceof NoSuchFileException
                    || text.contains("no such file")
                    || text.contains("connection refused")) {
                return EngineFault.NOT_RUNNING;
            }
        }
        return EngineFault.NOT_UNDERSTOOD;
    }

    private boolean isUnixSocketForbidden() {
        if (!"unix".equals(dockerHost.getScheme())) {
            return false;
        }
        Path socket = Path.of(dockerHost.getPath());
        return Files.exists(socket) && !Files.isWritable(socket);
    }

    private static String detail(Throwable failure) {
        Throwable last = failure;
        while ((last instanceof UncheckedIOException || last.getMessage() == null || last instanceof RuntimeException)
                && last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }

    // ---- answers

    @FunctionalInterface
    private interface Reader<T> {
        T read(JsonNode node);
    }

    private static <T> ApiReply<T> parsed(ApiReply<byte[]> reply, Reader<T> reader) {
        return switch (reply) {
            case ApiReply.Ok<byte[]>(byte[] body) -> {
                try {
                    JsonNode node = JSON.readTree(body);
                    yield node == null || node.isMissingNode()
                            ? new ApiReply.Failed<>(EngineFault.NOT_UNDERSTOOD, "an empty answer")
                            : new ApiReply.Ok<>(reader.read(node));
                } catch (IOException e) {
                    yield new ApiReply.Failed<>(EngineFault.NOT_UNDERSTOOD, "the answer is no JSON");
                } catch (IllegalArgumentException e) {
                    yield new ApiReply.Failed<>(EngineFault.NOT_UNDERSTOOD, String.valueOf(e.getMessage()));
                }
            }
            case ApiReply.Refused<byte[]>(int status, String message) -> new ApiReply.Refused<>(status, message);
            case ApiReply.Failed<byte[]>(EngineFault fault, String detail) -> new ApiReply.Failed<>(fault, detail);
            case ApiReply.NotAsked<byte[]>() -> new ApiReply.NotAsked<>();
        };
    }

    static EngineInfo info(JsonNode root) {
        JsonNode swarm = root.path("Swarm");
        if (!swarm.isObject()) {
            throw new IllegalArgumentException("the answer to GET /info has no Swarm section");
        }
        List<Manager> remote = new ArrayList<>();
        for (JsonNode m : swarm.path("RemoteManagers")) {
            remote.add(new Manager(
                    text(m, "NodeID"), "", Endpoint.parse(text(m, "Addr"), Endpoint.SWARM_PORT), "", false));
        }
        JsonNode cluster = swarm.path("Cluster");
        String clusterId = text(cluster, "ID");
        return new EngineInfo(
                text(swarm, "LocalNodeState"),
                swarm.path("ControlAvailable").asBoolean(false),
                text(swarm, "NodeID"),
                text(swarm, "NodeAddr"),
                text(swarm, "Error"),
                remote,
                clusterId.isEmpty()
                        ? null
                        : new ClusterFacts(
                                clusterId,
                                cluster.path("Spec")
                                        .path("EncryptionConfig")
                                        .path("AutoLockManagers")
                                        .asBoolean(false),
                                cluster.path("DataPathPort").asInt(0)));
    }

    static List<SwarmNode> nodes(JsonNode answer) {
        if (!answer.isArray()) {
            throw new IllegalArgumentException("the answer to GET /nodes is no list");
        }
        List<SwarmNode> nodes = new ArrayList<>();
        for (JsonNode node : answer) {
            JsonNode spec = node.path("Spec");
            JsonNode status = node.path("Status");
            nodes.add(new SwarmNode(
                    text(node, "ID"),
                    text(node.path("Description"), "Hostname"),
                    text(spec, "Role"),
                    text(spec, "Availability"),
                    text(status, "State"),
                    text(status, "Addr"),
                    node.path("Version").path("Index").asLong(0),
                    manager(node)));
        }
        return nodes;
    }

    private static @Nullable Manager manager(JsonNode node) {
        JsonNode raft = node.path("ManagerStatus");
        if (!raft.isObject()) {
            return null;
        }
        Endpoint endpoint = Endpoint.parse(text(raft, "Addr"), Endpoint.SWARM_PORT);
        return new Manager(
                text(node, "ID"),
                text(node.path("Description"), "Hostname"),
                endpoint != null ? endpoint : Endpoint.parse(text(node.path("Status"), "Addr"), Endpoint.SWARM_PORT),
                text(raft, "Reachability"),
                raft.path("Leader").asBoolean(false));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
