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
        @Nullable ClusterFacts cluster,
        long observedNanos) {

    /** Copies the list. */
    public SwarmSnapshot {
        managers = List.copyOf(managers);
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
