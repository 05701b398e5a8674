package dev.holdfast.swarm.peer;

import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.Secret;
import java.util.List;

/** What came of a {@link PeerRequest}. */
public sealed interface PeerReply {

    /** The other's report. */
    record Report(AgentReport theirs) implements PeerReply {}

    /** Whether the other reached the manager. */
    record Reached(boolean answers) implements PeerReply {}

    /** What the leader says of a node. */
    record Standing(String clusterId, dev.holdfast.swarm.peer.Standing standing) implements PeerReply {}

    /**
     * The way into the Swarm.
     *
     * @param token for the role that the answering agent chose
     * @param manager whether that role is manager
     * @param managers whom to join
     */
    record Tokens(Secret token, boolean manager, List<Endpoint> managers) implements PeerReply {

        /** Copies the list. */
        public Tokens {
            managers = List.copyOf(managers);
        }
    }

    /** The other leaves it to the asking agent to make the first Swarm, and has written that down. */
    record Yielded(String nonce) implements PeerReply {}

    /** What the Swarm holds. */
    record Inventory(String clusterId, dev.holdfast.swarm.Inventory inventory) implements PeerReply {}

    /**
     * The other has promised, and its promise is on its disk.
     *
     * @param nodeId the Swarm node it is or was last on, also while its engine does not run; empty if none
     * @param worker whether its node is a worker now
     */
    record Promised(long epoch, String nodeId, boolean worker) implements PeerReply {}

    /**
     * The other does not promise.
     *
     * @param reason a label, as of {@link dev.holdfast.swarm.HealRefusal}
     * @param highest the greatest epoch it knows of
     */
    record NotPromised(String reason, String detail, long highest) implements PeerReply {}

    /** It was done as asked. */
    record Done(String detail) implements PeerReply {}

    /** The other will not, for a named reason. */
    record Refused(String reason, String detail) implements PeerReply {}

    /** There was no answer, or none that could be understood. Never sent. */
    record NoAnswer(String detail) implements PeerReply {}
}
