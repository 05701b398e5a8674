package dev.holdfast.agent.control;

/** A control command that could not be carried out; the message is for the operator. */
public final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Why.
     *
     * @param message one line for the operator
     */
    public ControlException(String message) {
        super(message);
    }
}
