package dev.holdfast.swarm.docker;

import static dev.holdfast.swarm.docker.DockerApi.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.JoinTokens;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmAdministration;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The engine's administrative calls. A join answers late: the engine tries for 20 s, and goes on in the background. */
public final class DockerSwarmAdministration implements SwarmAdministration {

    private static final Duration PATIENT = Duration.ofSeconds(60);

    private final DockerApi api;

    /** Connects at the first call; {@code DOCKER_TLS_VERIFY} and {@code DOCKER_CERT_PATH} are honoured. */
    public DockerSwarmAdministration(URI dockerHost) {
        this.api = new DockerApi(dockerHost, PATIENT);
    }

    @Override
    public ApiReply<String> leave() {
        return api.command("POST", "/swarm/leave?force=true", null);
    }

    @Override
    public ApiReply<String> join(JoinRequest request) {
        ObjectNode body = address(request.advertise(), request.port());
        body.put("JoinToken", request.token().reveal());
        request.managers().forEach(manager -> body.withArray("/RemoteAddrs").add(manager.toString()));
        return hiding(request.token(), api.command("POST", "/swarm/join", body));
    }

    @Override
    public ApiReply<String> init(InetAddress advertise, int port) {
        ObjectNode body = address(advertise, port).put("ForceNewCluster", false);
        body.putObject("Spec");
        return api.post("/swarm/init", body, node -> "node " + node.asText());
    }

    private static ObjectNode address(InetAddress advertise, int port) {
        return DockerApi.JSON
                .createObjectNode()
                .put("ListenAddr", DockerApi.listen(advertise, port))
                .put("AdvertiseAddr", DockerApi.literal(advertise) + ":" + port);
    }

    @Override
    public ApiReply<String> unlock(Secret key) {
        return hiding(
                key,
                api.command(
                        "POST",
                        "/swarm/unlock",
                        DockerApi.JSON.createObjectNode().put("UnlockKey", key.reveal())));
    }

    @Override
    public ApiReply<JoinTokens> tokens() {
        return api.get("/swarm", swarm -> {
            JsonNode tokens = swarm.path("JoinTokens");
            if (text(tokens, "Worker").isBlank() || text(tokens, "Manager").isBlank()) {
                throw new IllegalArgumentException("the answer to GET /swarm has no join tokens");
            }
            return new JoinTokens(new Secret(text(tokens, "Worker")), new Secret(text(tokens, "Manager")));
        });
    }

    @Override
    public ApiReply<Inventory> inventory() {
        List<Inventory.Item> all = new ArrayList<>();
        record Source(String kind, String path, Predicate<JsonNode> wanted, Function<JsonNode, String> name) {}
        Function<JsonNode, String> bySpec = item -> text(item.path("Spec"), "Name");
        List<Source> sources = List.of(
                new Source("service", "/services", _ -> true, bySpec),
                new Source("secret", "/secrets", _ -> true, bySpec),
                new Source("config", "/configs", _ -> true, bySpec),
                new Source(
                        "network",
                        "/networks?filters=%7B%22scope%22%3A%5B%22swarm%22%5D%7D",
                        // The engine makes this one itself, for each cluster.
                        network -> !network.path("Ingress").asBoolean(false),
                        network -> text(network, "Name")));
        for (Source source : sources) {
            ApiReply<List<Inventory.Item>> reply =
                    api.get(source.path(), list -> items(source.kind(), list, source.wanted(), source.name()));
            switch (reply) {
                case ApiReply.Ok<List<Inventory.Item>>(List<Inventory.Item> items) -> all.addAll(items);
                case ApiReply.Refused<List<Inventory.Item>>(int status, String message) -> {
                    return new ApiReply.Refused<>(status, message);
                }
                case ApiReply.Failed<List<Inventory.Item>>(EngineFault fault, String detail) -> {
                    return new ApiReply.Failed<>(fault, detail);
                }
                case ApiReply.NotAsked<List<Inventory.Item>>() -> {
                    return new ApiReply.NotAsked<>();
                }
            }
        }
        return new ApiReply.Ok<>(new Inventory(all));
    }

    private static List<Inventory.Item> items(
            String kind, JsonNode list, Predicate<JsonNode> wanted, Function<JsonNode, String> name) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("the engine's list of " + kind + "s is no list");
        }
        List<Inventory.Item> items = new ArrayList<>();
        for (JsonNode item : list) {
            if (wanted.test(item)) {
                boolean hasSpec = item.path("Spec").isObject();
                items.add(new Inventory.Item(
                        kind,
                        text(item, hasSpec ? "ID" : "Id"),
                        name.apply(item),
                        // A network can't be changed, only made anew under another id.
                        hasSpec ? fingerprint(item.path("Spec")) : "",
                        text(item, "UpdatedAt")));
            }
        }
        items.sort(Comparator.comparing(Inventory.Item::name).thenComparing(Inventory.Item::id));
        return items;
    }

    private static String fingerprint(JsonNode spec) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(spec.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public ApiReply<String> setRole(String nodeId, String role) {
        record Current(long version, ObjectNode spec) {}
        ApiReply<Current> current = api.get("/nodes/" + nodeId, node -> {
            if (!(node.path("Spec") instanceof ObjectNode spec)) {
                throw new IllegalArgumentException("the node has no spec");
            }
            return new Current(node.path("Version").path("Index").asLong(), spec);
        });
        return switch (current) {
            case ApiReply.Ok<Current>(Current(long version, ObjectNode spec)) ->
                api.command("POST", "/nodes/" + nodeId + "/update?version=" + version, spec.put("Role", role));
            case ApiReply.Refused<Current>(int status, String message) -> new ApiReply.Refused<>(status, message);
            case ApiReply.Failed<Current>(EngineFault fault, String detail) -> new ApiReply.Failed<>(fault, detail);
            case ApiReply.NotAsked<Current>() -> new ApiReply.NotAsked<>();
        };
    }

    @Override
    public ApiReply<String> removeNode(String nodeId, boolean force) {
        return api.command("DELETE", "/nodes/" + nodeId + "?force=" + force, null);
    }

    /** An engine's message could quote what it was sent. */
    private static ApiReply<String> hiding(Secret secret, ApiReply<String> reply) {
        return switch (reply) {
            case ApiReply.Refused<String>(int status, String message) ->
                new ApiReply.Refused<>(status, secret.hiddenIn(message));
            case ApiReply.Failed<String>(EngineFault fault, String detail) ->
                new ApiReply.Failed<>(fault, secret.hiddenIn(detail));
            case ApiReply.Ok<String> ok -> ok;
            case ApiReply.NotAsked<String> notAsked -> notAsked;
        };
    }

    @Override
    public void close() {
        api.close();
    }
}
