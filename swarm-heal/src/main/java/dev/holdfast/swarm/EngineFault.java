package dev.holdfast.swarm;

/** Why an engine could not be asked. */
public enum EngineFault {
    /** No socket, or nobody listens on it. */
    NOT_RUNNING,
    /** The socket is there, but this process may not use it. */
    PERMISSION_DENIED,
    /** Connected, but no answer within the read time-out, which is longer than the engine's own. */
    NO_ANSWER,
    /** An answer that is not the engine's API: another server on that address, or a broken connection. */
    NOT_UNDERSTOOD;

    /** {@return the name as logs and metrics print it, e.g. {@code permission-denied}} */
    public String label() {
        return Labels.of(this);
    }
}
