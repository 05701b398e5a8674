package dev.holdfast.agent.config.report;

/**
 * One thing in a usable configuration that the user should know.
 *
 * @param reason its kind
 * @param position where it is
 * @param key the key or keyword it is about; empty for the file as a whole
 * @param text what is odd and what is done about it; never a secret
 */
public record ConfigWarning(WarningReason reason, Position position, String key, String text) {

    /** The one line that a user reads. */
    public String message() {
        return position + ": " + (key.isEmpty() ? "" : key + ": ") + text;
    }

    @Override
    public String toString() {
        return message();
    }
}
