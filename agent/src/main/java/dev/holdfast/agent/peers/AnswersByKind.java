package dev.holdfast.agent.peers;

import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.Map;

/**
 * Gives each kind of request to the part that answers it, and refuses the others.
 *
 * @param parts by the kind
 */
public record AnswersByKind(Map<Class<? extends PeerRequest>, PeerAnswers> parts) implements PeerAnswers {
    private static final PeerAnswers NOBODY =
            (_, _) -> new PeerReply.Refused(PeerRefusal.UNKNOWN_REQUEST.label(), PeerRefusal.UNKNOWN_REQUEST.text());

    /** Copies the map. */
    public AnswersByKind {
        parts = Map.copyOf(parts);
    }

    @Override
    public PeerReply answer(String from, PeerRequest request) {
        return parts.getOrDefault(request.getClass(), NOBODY).answer(from, request);
    }
}
