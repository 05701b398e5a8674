package dev.holdfast.swarm;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the last leader said of the swarm. Kept in {@code known-managers.json}, since the engine forgets the other managers
 * after a force, and the agent forgets everything at a restart.
 *
 * @param nodeId this node's id at that time; the list is worthless for another
 * @param cluster null if the engine did not say
 * @param managers this node among them
 */
public record KnownManagers(String nodeId, @Nullable ClusterFacts cluster, List<Manager> managers) {

    /** The file in the state directory. */
    public static final String FILE = "known-managers.json";

    /** The copy made right before a force, for putting the managers back. */
    public static final String FILE_BEFORE_HEAL = "managers-before-heal.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the list. */
    public KnownManagers {
        managers = List.copyOf(managers);
    }

    /** {@return the managers, if they are those of this node's swarm} */
    List<Manager> managersFor(String id) {
        return nodeId.equals(id) ? managers : List.of();
    }

    /** Replaces the file of that name. */
    void write(StateStore store, String name, Instant at) throws IOException {
        store.replace(name, content(at));
    }

    private byte[] content(Instant at) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("at", at.toString());
        root.put("nodeId", nodeId);
        if (cluster != null) {
            root.putObject("cluster")
                    .put("id", cluster.id())
                    .put("autolock", cluster.autolock())
                    .put("dataPathPort", cluster.dataPathPort());
        }
        var list = root.putArray("managers");
        for (Manager m : managers) {
            ObjectNode node = list.addObject().put("id", m.id()).put("hostname", m.hostname());
            if (m.endpoint() != null) {
                node.put("endpoint", m.endpoint().toString());
            }
        }
        return JSON.writeValueAsBytes(root);
    }

    /**
     * Reads the file {@value #FILE}.
     *
     * @return null if there is none
     * @throws IOException if it cannot be read or is not what {@link #write} made
     */
    static @Nullable KnownManagers read(StateStore store) throws IOException {
        return read(store, FILE);
    }

    /** The same from another file. */
    static @Nullable KnownManagers read(StateStore store, String name) throws IOException {
        byte[] content = store.read(name);
        return content == null ? null : parse(store.where(name), content);
    }

    private static KnownManagers parse(String file, byte[] content) throws IOException {
        try {
            JsonNode root = JSON.readTree(content);
            String nodeId = root.path("nodeId").asText("");
            if (nodeId.isEmpty() || !root.path("managers").isArray()) {
                throw new IOException(file + " is no list of managers");
            }
            JsonNode cluster = root.path("cluster");
            List<Manager> managers = new ArrayList<>();
            for (JsonNode m : root.path("managers")) {
                managers.add(new Manager(
                        m.path("id").asText(""),
                        m.path("hostname").asText(""),
                        Endpoint.parse(m.path("endpoint").asText(""), Endpoint.SWARM_PORT),
                        "",
                        false));
            }
            return new KnownManagers(
                    nodeId,
                    cluster.isObject()
                            ? new ClusterFacts(
                                    cluster.path("id").asText(""),
                                    cluster.path("autolock").asBoolean(false),
                                    cluster.path("dataPathPort").asInt(0))
                            : null,
                    managers);
        } catch (JacksonException e) {
            throw new IOException(file + " is no list of managers: " + e.getOriginalMessage(), e);
        }
    }

    /** {@return whether the other says the same, but for what changes all the time (who leads, who is reachable)} */
    boolean sameAs(@Nullable KnownManagers other) {
        return other != null
                && nodeId.equals(other.nodeId)
                && Objects.equals(cluster, other.cluster)
                && keys().equals(other.keys());
    }

    private List<String> keys() {
        return managers.stream()
                .map(m -> m.id() + " " + m.hostname() + " " + m.endpoint())
                .sorted()
                .toList();
    }
}
