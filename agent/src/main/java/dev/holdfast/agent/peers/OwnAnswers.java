package dev.holdfast.agent.peers;

import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.ManagerProbe;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Answers what every agent can: how it is, and whether it reaches a manager. Everything else is for others to answer.
 *
 * @param own this agent's report
 * @param managers where managers are; nothing else is tried, so that nobody scans ports through us
 * @param probe tries a manager
 * @param others answers the other requests
 */
public record OwnAnswers(
        Supplier<AgentReport> own, Supplier<Set<Endpoint>> managers, ManagerProbe probe, PeerAnswers others)
        implements PeerAnswers {
    /** The reason for an address that is no manager's. */
    public static final String NOT_A_MANAGER = "not-a-manager";

    @Override
    public PeerReply answer(String from, PeerRequest request) {
        return switch (request) {
            case PeerRequest.Report _ -> new PeerReply.Report(own.get());
            case PeerRequest.Reach(Endpoint manager) ->
                managers.get().contains(manager)
                        ? new PeerReply.Reached(probe.answers(manager))
                        : new PeerReply.Refused(NOT_A_MANAGER, manager + " is no manager that is known here");
            default -> others.answer(from, request);
        };
    }
}
