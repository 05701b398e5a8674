package dev.holdfast.swarm.peer;

/** What came of a {@link PeerRequest}. */
public sealed interface PeerReply {

    /** The other's report. */
    record Report(AgentReport theirs) implements PeerReply {}

    /** Whether the other reached the manager. */
    record Reached(boolean answers) implements PeerReply {}

    /** The other has promised, and its promise is on its disk. */
    record Promised(long epoch) implements PeerReply {}

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
