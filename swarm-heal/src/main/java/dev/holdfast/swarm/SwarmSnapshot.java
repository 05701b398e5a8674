package dev.holdfast.swarm;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One observation, judged.
 *
 * @param state the verdict
 * @param detail why, in the engine's words where it has some
 * @param fault null unless the state is {@link SwarmState#DOCKER_DOWN}
 * @param nodeId empty if the node is in no swarm
 * @param nodeAddress the address the Swarm knows this node by, empty if none
 * @param managers with a leader: its list of managers. Without: the engine's {@code RemoteManagers}
 * @param nodes with a leader: all nodes as it knows them. Without: empty
 * @param cluster null unless the control plane answered
 * @param observedNanos when the observation was complete, on the healer's monotonic clock
 */
public record SwarmSnapshot(
        SwarmState state,
        String detail,
        @Nullable EngineFault fault,
        String nodeId,
        String nodeAddress,
        List<Manager> managers,
        List<SwarmNode> nodes,
        @Nullable ClusterFacts cluster,
        long observedNanos) {

    /** Copies the lists. */
    public SwarmSnapshot {
        managers = List.copyOf(managers);
        nodes = List.copyOf(nodes);
    }

    /**
     * {@return whether the engine is in no Swarm and says nothing else} One that is locked out of its Swarm can say that it is in none while
     * all of it is on its disk; then it reports an error, too.
     */
    public boolean isCleanlyInactive() {
        return state == SwarmState.INACTIVE && nodeId.isEmpty() && detail.equals(SwarmClassifier.IN_NO_SWARM);
    }

    /** {@return this node as the leader knows it; empty without a leader, and if the leader has no such node} */
    public Optional<SwarmNode> self() {
        return nodes.stream().filter(node -> node.id().equals(nodeId)).findFirst();
    }

    /**
     * The newest change of the nodes that the leader told of: raft's index, so that of two members of one cluster the one
     * that saw the greater index has the newer state. Zero without a leader.
     */
    public long index() {
        return nodes.stream().mapToLong(SwarmNode::version).max().orElse(0);
    }

    /** {@return the leader, if there is one and this node may know it} */
    public Optional<Manager> leader() {
        return managers.stream().filter(Manager::leader).findFirst();
    }

    /** {@return whether this very node leads the swarm: the only proof that a force succeeded} */
    public boolean selfIsLeader() {
        return state == SwarmState.HAS_LEADER
                && leader().filter(m -> m.id().equals(nodeId)).isPresent();
    }
}
