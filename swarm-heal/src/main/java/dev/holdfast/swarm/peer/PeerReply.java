package dev.holdfast.swarm.peer;

/** What came of a {@link PeerRequest}. */
public sealed interface PeerReply {

    /** The other's report. */
    record Report(AgentReport theirs) implements PeerReply {}

    /** Whether the other reached the manager. */
    record Reached(boolean answers) implements PeerReply {}

    /** The other will not, for a named reason. */
    record Refused(String reason, String detail) implements PeerReply {}

    /** There was no answer, or none that could be understood. Never sent. */
    record NoAnswer(String detail) implements PeerReply {}
}
