package dev.holdfast.swarm.peer;

import dev.holdfast.swarm.Endpoint;

/** What one agent asks of another. */
public sealed interface PeerRequest {

    /** Here is mine, give me yours: answered with {@link PeerReply.Report}. */
    record Report(AgentReport mine) implements PeerRequest {}

    /** Can you reach this manager, as SWIM's indirect probe asks: answered with {@link PeerReply.Reached}. */
    record Reach(Endpoint manager) implements PeerRequest {}
}
