package dev.holdfast.swarm.peer;

/** Answers other agents. Called from several threads at once; may block, but for two seconds at most. */
@FunctionalInterface
public interface PeerAnswers {

    /**
     * {@return the answer}
     *
     * @param from the name that the asking agent proved to be allowed to use
     */
    PeerReply answer(String from, PeerRequest request);
}
