package dev.holdfast.swarm;

/**
 * A token or a key. It is shown nowhere: whoever needs the text must ask for it by name.
 *
 * @param reveal the text itself; never to be logged
 */
public record Secret(String reveal) {

    /** Refuses the empty text, which is never one. */
    public Secret {
        if (reveal.isBlank()) {
            throw new IllegalArgumentException("a secret of no characters");
        }
    }

    /** {@return the text with this secret taken out, for messages that may quote it} */
    public String hiddenIn(String text) {
        return text.replace(reveal, "(hidden)");
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
