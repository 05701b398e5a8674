package dev.holdfast.swarm.managers;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.swarm.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A node that has left its Swarm, or is about to, in order to join it again; kept in {@code rejoin.json}, so that an agent that ends in
 * between goes on when it is started.
 *
 * @param clusterId the cluster to join
 * @param formerNodeId the node id that was given up
 * @param address the address to advertise, empty for the configured one
 * @param port where to speak raft
 * @param epoch of the copy that it left for; an older one is not joined
 */
record PendingJoin(String clusterId, String formerNodeId, String address, int port, long epoch) {

    static final String FILE = "rejoin.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    void write(Path stateDir) throws IOException {
        StateFiles.replace(
                stateDir.resolve(FILE),
                JSON.writeValueAsBytes(JSON.createObjectNode()
                        .put("clusterId", clusterId)
                        .put("formerNodeId", formerNodeId)
                        .put("address", address)
                        .put("port", port)
                        .put("epoch", epoch)));
    }

    static void delete(Path stateDir) throws IOException {
        Files.deleteIfExists(stateDir.resolve(FILE));
    }

    /**
     * Reads it; null if there is none.
     *
     * @throws IOException if it cannot be read or is not what {@link #write} made
     */
    static @Nullable PendingJoin read(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || root.path("clusterId").asText("").isEmpty()) {
                throw new IOException(file + " names no cluster");
            }
            return new PendingJoin(
                    root.path("clusterId").asText(),
                    root.path("formerNodeId").asText(""),
                    root.path("address").asText(""),
                    root.path("port").asInt(OwnNode.FRESH.port()),
                    root.path("epoch").asLong(0));
        } catch (JacksonException e) {
            throw new IOException(file + " names no cluster: " + e.getOriginalMessage(), e);
        }
    }
}
