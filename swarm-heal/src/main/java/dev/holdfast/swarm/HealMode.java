package dev.holdfast.swarm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The configured {@code policy}: how much evidence a force needs. Every mode needs an unbroken {@link SwarmState#NO_LEADER}
 * for {@code hold} and the {@link QuorumGate}.
 */
public enum HealMode {
    /** Never acts; says what {@link #GUARDED} would have done. */
    OBSERVE,
    /** Every witness must answer, so that it is not this host which is cut off. The default. */
    GUARDED,
    /** As guarded, and a majority of all configured agents must have promised not to force. Needs a channel between them. */
    QUORUM,
    /** Asks no witness. For labs of two nodes: a host that is itself cut off will force. */
    EAGER;

    /** {@return the name as it is written in configurations} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the mode of that name, in any case, or null if there is none} */
    public static @Nullable HealMode parse(String text) {
        for (HealMode mode : values()) {
            if (mode.label().equals(text.strip().toLowerCase(Locale.ROOT))) {
                return mode;
            }
        }
        return null;
    }
}
