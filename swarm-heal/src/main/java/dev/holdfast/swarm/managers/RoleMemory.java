package dev.holdfast.swarm.managers;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.swarm.StateFiles;
import dev.holdfast.swarm.SwarmNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The role of each node when it was last listed, kept in {@code roles.json}: it tells a node that somebody demoted and removed from one that
 * the list has lost by a force.
 *
 * @param roles by node id, the oldest first
 */
record RoleMemory(Map<String, String> roles) {

    static final String FILE = "roles.json";

    private static final int REMEMBERED = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, String>> TYPE = new TypeReference<>() {};

    /** {@return whether the node was a worker when it was last listed} */
    boolean demoted(String nodeId) {
        return "worker".equals(roles.get(nodeId));
    }

    /** {@return the node's role when it was last listed, empty if it never was} */
    String roleOf(String nodeId) {
        return roles.getOrDefault(nodeId, "");
    }

    /** {@return the memory with one look more; this very one if nothing changed} */
    RoleMemory after(List<SwarmNode> nodes) {
        Map<String, String> next = new LinkedHashMap<>(roles);
        nodes.forEach(node -> next.put(node.id(), node.role()));
        while (next.size() > REMEMBERED) {
            next.remove(next.keySet().iterator().next());
        }
        return next.equals(roles) ? this : new RoleMemory(next);
    }

    void write(Path stateDir) throws IOException {
        StateFiles.replace(stateDir.resolve(FILE), JSON.writeValueAsBytes(roles));
    }

    /** Reads it; empty if there is none, or it is damaged, for nothing is done on its word alone. */
    static RoleMemory read(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        if (!Files.exists(file)) {
            return new RoleMemory(Map.of());
        }
        try {
            Map<String, String> roles = JSON.readValue(Files.readAllBytes(file), TYPE);
            return new RoleMemory(roles == null ? Map.of() : roles);
        } catch (JacksonException e) {
            return new RoleMemory(Map.of());
        }
    }
}
