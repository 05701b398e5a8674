package dev.holdfast.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Swarm section of the engine's {@code GET /info}.
 *
 * @param localNodeState {@code inactive}, {@code pending}, {@code active}, {@code error} or {@code locked}
 * @param controlAvailable whether the node considers itself a manager (true also when quorum is lost)
 * @param nodeId empty if the node is in no swarm, and on a zombie
 * @param nodeAddress the address the Swarm knows this node by, empty if none
 * @param error what the engine says is wrong, empty if nothing
 * @param remoteManagers the managers this node knows, itself among them; ids and addresses only
 * @param cluster null unless the control plane answered
 */
public record EngineInfo(
        String localNodeState,
        boolean controlAvailable,
        String nodeId,
        String nodeAddress,
        String error,
        List<Manager> remoteManagers,
        @Nullable ClusterFacts cluster) {

    /** Copies the list. */
    public EngineInfo {
        remoteManagers = List.copyOf(remoteManagers);
    }
}
