package dev.holdfast.peer;

/** Answers what others ask. Called from several threads at once; may block, but for less than {@link PeerLimits#request()}. */
@FunctionalInterface
public interface PeerHandler {

    /**
     * {@return the answer, no longer than {@link PeerLimits#frameBytes()}} What is thrown ends the connection.
     *
     * @param from the name in the asking one's certificate
     */
    String answer(String from, String request);
}
