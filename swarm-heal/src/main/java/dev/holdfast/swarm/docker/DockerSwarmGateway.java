package dev.holdfast.swarm.docker;

import static dev.holdfast.swarm.docker.DockerApi.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.ClusterFacts;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.EngineInfo;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmGateway;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmObservation;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the engine's HTTP API over docker-java's zerodep transport.
 *
 * <p>It reads and writes the JSON itself and does not use docker-java's commands: their {@code SwarmInfo} loses the cluster,
 * and their init cannot carry {@code DataPathPort}, which a force would then reset to its default.
 */
public final class DockerSwarmGateway implements SwarmGateway {

    /** A force was seen to take 9 s; with the engine's own time-outs behind it, it can be more. */
    private static final Duration FORCE_TIMEOUT = Duration.ofSeconds(90);

    private final DockerApi poll;
    private final DockerApi force;

    /** A gateway that connects at the first look; {@code DOCKER_TLS_VERIFY} and {@code DOCKER_CERT_PATH} are honoured. */
    public DockerSwarmGateway(URI dockerHost) {
        this(dockerHost, DockerApi.READ_TIMEOUT);
    }

    DockerSwarmGateway(URI dockerHost, Duration readTimeout) {
        this.poll = new DockerApi(dockerHost, readTimeout);
        this.force = new DockerApi(dockerHost, FORCE_TIMEOUT);
    }

    @Override
    public SwarmObservation observe() {
        ApiReply<EngineInfo> info = poll.get("/info", DockerSwarmGateway::info);
        if (!(info instanceof ApiReply.Ok<EngineInfo>(EngineInfo engine)) || !isWorthAsking(engine)) {
            return new SwarmObservation(info, new ApiReply.NotAsked<>());
        }
        return new SwarmObservation(info, poll.get("/nodes", DockerSwarmGateway::nodes));
    }

    /** Only a manager answers GET /nodes; and one that has just waited 20 s for the control plane would wait once more. */
    private static boolean isWorthAsking(EngineInfo info) {
        return info.controlAvailable() && !info.error().toLowerCase(Locale.ROOT).contains("deadline");
    }

    @Override
    public ApiReply<String> forceNewCluster(ForceRequest request) {
        ObjectNode body = DockerApi.JSON
                .createObjectNode()
                .put("ListenAddr", DockerApi.listen(request.advertiseAddress(), request.port()))
                .put("AdvertiseAddr", DockerApi.literal(request.advertiseAddress()) + ":" + request.port())
                .put("ForceNewCluster", true);
        if (request.dataPathPort() > 0) {
            body.put("DataPathPort", request.dataPathPort());
        }
        body.putObject("Spec");
        return force.post("/swarm/init", body, node -> "200, node " + node.asText());
    }

    @Override
    public void close() {
        poll.close();
        force.close();
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
}
