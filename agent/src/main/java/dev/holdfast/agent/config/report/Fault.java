package dev.holdfast.agent.config.report;

/**
 * One thing that keeps a configuration from being used.
 *
 * @param reason its kind
 * @param position where it is
 * @param key the full key, for example {@code holdfast.vrrp.instances.VI_1.priority}; in a keepalived.conf the keyword and
 *     the blocks around it; empty for the file as a whole
 * @param value the offending value as written; empty when there is none, {@link #HIDDEN} for a secret
 * @param accepted what would be accepted instead, as a phrase
 */
public record Fault(FaultReason reason, Position position, String key, String value, String accepted) {
    /** Stands for the value of a secret. */
    public static final String HIDDEN = "********";

    /** The one line that a user reads: place, key, value, what is wrong and what is accepted. */
    public String message() {
        StringBuilder text = new StringBuilder().append(position).append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(' ');
        }
        if (!value.isEmpty()) {
            text.append("= ").append(value).append(' ');
        }
        return text.append(reason.phrase())
                .append("; accepted: ")
                .append(accepted)
                .toString();
    }

    @Override
    public String toString() {
        return message();
    }
}
