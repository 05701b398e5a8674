package dev.holdfast.lab;

/** The lab could not do what it was asked to; the message says what was tried and what came back. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for people. */
    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
