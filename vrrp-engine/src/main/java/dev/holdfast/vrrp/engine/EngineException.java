package dev.holdfast.vrrp.engine;

/** The engine can't do its work on this host; the message says why and what would help. */
public final class EngineException extends RuntimeException {
    /** @param message one line for the operator */
    public EngineException(String message) {
        super(message);
    }

    /**
     * @param message one line for the operator
     * @param cause what failed underneath
     */
    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
