package dev.holdfast.agent;

/** The agent can't run here; the message is for the operator. */
public final class AgentException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Why.
     *
     * @param message one line for the operator
     * @param cause what failed underneath
     */
    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }
}
