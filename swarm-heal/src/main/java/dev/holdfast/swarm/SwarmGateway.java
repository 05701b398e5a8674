package dev.holdfast.swarm;

import java.net.InetAddress;

/** The engine's Swarm API: all that healing asks of it. Implementations may block, but never for ever. */
public interface SwarmGateway extends AutoCloseable {

    /** Looks once. Changes nothing, throws nothing: a failure is part of the observation. */
    SwarmObservation observe();

    /**
     * Calls {@code init} with {@code ForceNewCluster}: this node becomes the only manager of its cluster, keeping
     * services, secrets and nodes. The one call here that can do harm; only {@link SwarmHealer} makes it.
     *
     * <p>The answer is not proof of anything: a force that succeeded can report an error.
     */
    ApiReply<String> forceNewCluster(ForceRequest request);

    @Override
    void close();

    /**
     * What a force needs to leave everything else as it was.
     *
     * @param advertiseAddress a local address of this host that is no VIP
     * @param port the port this manager speaks raft on, 1 to 65535
     * @param dataPathPort as in {@link ClusterFacts}; 0 leaves it to the engine
     */
    record ForceRequest(InetAddress advertiseAddress, int port, int dataPathPort) {}
}
