package dev.holdfast.swarm.managers;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this agent remembers of its own node, in {@code own-node.json}: the engine of a manager that fell out does not know any more what it
 * was, and a host that was in a Swarm before is not fresh.
 *
 * @param everInSwarm whether the engine was ever seen in a Swarm
 * @param clusterId the cluster it was last seen in with a leader, empty if none
 * @param nodeId its id there, empty if none
 * @param address the address the Swarm knew it by, empty if none
 * @param port where it spoke raft, 1 to 65535
 * @param manager whether it was a manager, by the latest word of a leader
 * @param epoch how new the copy was that it took part in, see {@link dev.holdfast.swarm.peer.Lineage#epoch()}
 */
record OwnNode(
        boolean everInSwarm, String clusterId, String nodeId, String address, int port, boolean manager, long epoch) {

    static final String FILE = "own-node.json";

    /** A fresh host. */
    static final OwnNode FRESH = new OwnNode(false, "", "", "", Endpoint.SWARM_PORT, false, 0);

    private static final ObjectMapper JSON = new ObjectMapper();

    void write(Path stateDir) throws IOException {
        StateFiles.replace(
                stateDir.resolve(FILE),
                JSON.writeValueAsBytes(JSON.createObjectNode()
                        .put("everInSwarm", everInSwarm)
                        .put("clusterId", clusterId)
                        .put("nodeId", nodeId)
                        .put("address", address)
                        .put("port", port)
                        .put("manager", manager)
                        .put("epoch", epoch)));
    }

    /** {@return the same node, told by a leader that it is a worker by role} */
    OwnNode asWorker() {
        return new OwnNode(everInSwarm, clusterId, nodeId, address, port, false, epoch);
    }

    /**
     * Reads it; {@link #FRESH} if there is none.
     *
     * @throws IOException if it cannot be read or is not what {@link #write} made
     */
    static OwnNode read(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        if (!Files.exists(file)) {
            return FRESH;
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.path("everInSwarm").isBoolean()) {
                throw new IOException(file + " is no record of a node");
            }
            return new OwnNode(
                    root.path("everInSwarm").asBoolean(),
                    root.path("clusterId").asText(""),
                    root.path("nodeId").asText(""),
                    root.path("address").asText(""),
                    root.path("port").asInt(FRESH.port),
                    root.path("manager").asBoolean(),
                    root.path("epoch").asLong(0));
        } catch (JacksonException e) {
            throw new IOException(file + " is no record of a node: " + e.getOriginalMessage(), e);
        }
    }
}
