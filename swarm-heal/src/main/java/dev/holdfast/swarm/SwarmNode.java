package dev.holdfast.swarm;

import org.jspecify.annotations.Nullable;

/**
 * A node in {@code GET /nodes}, manager or worker, in the words of the leader.
 *
 * @param id the Swarm's node id
 * @param hostname empty if the node never told
 * @param role what it shall be: {@code manager} or {@code worker}
 * @param availability {@code active}, {@code pause} or {@code drain}
 * @param state {@code ready}, {@code down}, {@code disconnected} or {@code unknown}
 * @param address the IP address the leader sees it at, empty if it does not
 * @param version the index that an update of its spec must repeat; it grows with every change of the node
 * @param manager its membership of raft; null for a worker, and for a manager that is in no raft (limbo)
 */
public record SwarmNode(
        String id,
        String hostname,
        String role,
        String availability,
        String state,
        String address,
        long version,
        @Nullable Manager manager) {

    /** {@return whether it shall be a manager, whether or not it takes part in raft} */
    public boolean isManagerByRole() {
        return role.equals("manager");
    }

    /** {@return whether the leader hears it} */
    public boolean isReady() {
        return state.equals("ready");
    }

    /** {@return whether it takes tasks} */
    public boolean isActive() {
        return availability.equals("active");
    }
}
