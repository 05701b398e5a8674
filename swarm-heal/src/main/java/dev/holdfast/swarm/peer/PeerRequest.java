package dev.holdfast.swarm.peer;

import dev.holdfast.swarm.Endpoint;
import java.util.List;

/** What one agent asks of another. */
public sealed interface PeerRequest {

    /** Here is mine, give me yours: answered with {@link PeerReply.Report}. */
    record Report(AgentReport mine) implements PeerRequest {}

    /** Can you reach this manager, as SWIM's indirect probe asks: answered with {@link PeerReply.Reached}. */
    record Reach(Endpoint manager) implements PeerRequest {}

    /** What is this node in your leader's list: answered with {@link PeerReply.Standing}. */
    record Standing(String nodeId) implements PeerRequest {}

    /**
     * Let me into the Swarm: answered with {@link PeerReply.Tokens}.
     *
     * @param clusterId the cluster the asking agent means
     * @param formerNodeId the node id by which it was a manager of that cluster; empty if it is fresh
     */
    record Tokens(String clusterId, String formerNodeId) implements PeerRequest {}

    /**
     * Leave it to me to make the first Swarm: answered with {@link PeerReply.Yielded}.
     *
     * @param nonce names the attempt, and no other one ever
     * @param agents the names of all agents that count, the asking one included, in order
     * @param begun whether the asking agent has called its engine in this attempt, so that only it can go on
     */
    record Bootstrap(String nonce, List<String> agents, boolean begun) implements PeerRequest {

        /** Copies the list, and checks that no text is long. */
        public Bootstrap {
            agents = List.copyOf(agents);
            if (nonce.isEmpty() || nonce.length() > 100) {
                throw new IllegalArgumentException("a nonce has 1 to 100 characters");
            }
        }
    }

    /** What does your Swarm hold: answered with {@link PeerReply.Inventory}. */
    record Inventory() implements PeerRequest {}

    /**
     * Promise not to force, nor to let others: answered with {@link PeerReply.Promised} or {@link PeerReply.NotPromised}.
     *
     * @param identity of the asking agent's book of promises; another one after its state directory was lost
     * @param epoch the number the force shall have, 1 to {@value #MAX_EPOCH}
     * @param called the epoch of its last call, 0 if it never called: those between the two were not and will not be called
     * @param nodeId the node that would be forced
     * @param clusterId empty if not known
     * @param lineage how new its copy is
     * @param agents how many agents its configuration names, itself included
     */
    record Promise(
            String identity, long epoch, long called, String nodeId, String clusterId, Lineage lineage, int agents)
            implements PeerRequest {

        /** Far more than anybody will ever need, and small enough that the next one is always a number. */
        public static final long MAX_EPOCH = 1L << 53;

        /** Checks the ranges. */
        public Promise {
            if (epoch < 1 || epoch > MAX_EPOCH || called < 0 || called >= epoch || lineage.epoch() > MAX_EPOCH) {
                throw new IllegalArgumentException("epochs out of range: " + epoch + " after " + called);
            }
            if (identity.isEmpty()
                    || nodeId.isEmpty()
                    || identity.length() + nodeId.length() + clusterId.length() > 400) {
                throw new IllegalArgumentException("identity and node are needed, and no text is that long");
            }
        }
    }

    /**
     * None of my epochs greater than {@code after} and up to {@code through} was or will be called, so what was promised for them
     * is free: answered with {@link PeerReply.Done}.
     *
     * @param identity as in {@link Promise}
     */
    record Release(String identity, long after, long through) implements PeerRequest {

        /** Checks the ranges. */
        public Release {
            if (identity.isEmpty() || after < 0 || through < after || through > Promise.MAX_EPOCH) {
                throw new IllegalArgumentException("epochs out of range: " + after + " to " + through);
            }
        }
    }

    /** Your copy is the newer one: for the next 15 s act as if you were MASTER. Answered with {@link PeerReply.Done}. */
    record Heal() implements PeerRequest {}
}
