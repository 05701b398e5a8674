package dev.holdfast.swarm;

import java.net.InetAddress;
import java.util.List;

/**
 * The calls that change who belongs to a Swarm, and as what. Implementations may block for as long as the engine does, about half a
 * minute, but never for ever. No answer proves anything: read the state afterwards. No token or key is ever part of a failure.
 */
public interface SwarmAdministration extends AutoCloseable {

    /** Takes this node out of its Swarm, with force: the engine forgets all it knew of it, and its tasks stop. */
    ApiReply<String> leave();

    /**
     * Has this node, which is in no Swarm, make one, of which it is the only node.
     *
     * @param advertise a local address that is no VIP
     * @param port where this node shall speak raft, 1 to 65535
     */
    ApiReply<String> init(InetAddress advertise, int port);

    /** Has this node, which is in no Swarm, join one. */
    ApiReply<String> join(JoinRequest request);

    /** Opens a locked Swarm; an engine that is not locked refuses. */
    ApiReply<String> unlock(Secret key);

    /** What lets others in; only a manager with a leader answers. */
    ApiReply<JoinTokens> tokens();

    /** What people have put into the Swarm; only a manager with a leader answers. */
    ApiReply<Inventory> inventory();

    /**
     * Changes what a node shall be, and nothing else of it: its spec is read, changed and sent back with its version, so that a change
     * that somebody else makes meanwhile makes this one fail.
     *
     * @param role {@code manager} or {@code worker}
     */
    ApiReply<String> setRole(String nodeId, String role);

    /** Removes a node's entry. Without force the engine refuses for a node that is not down, and for a manager. */
    ApiReply<String> removeNode(String nodeId, boolean force);

    @Override
    void close();

    /**
     * How to join.
     *
     * @param managers the managers to try, {@code host:port}, at least one
     * @param advertise a local address that is no VIP
     * @param port where this node shall speak raft if it becomes a manager, 1 to 65535
     */
    record JoinRequest(Secret token, List<Endpoint> managers, InetAddress advertise, int port) {

        /** Copies the list. */
        public JoinRequest {
            managers = List.copyOf(managers);
            if (managers.isEmpty()) {
                throw new IllegalArgumentException("no manager to join");
            }
        }
    }
}
