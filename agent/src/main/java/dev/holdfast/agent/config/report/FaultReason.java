package dev.holdfast.agent.config.report;

/** Why a configuration is refused. */
public enum FaultReason {
    /** The file is missing, unreadable, too large, or not text. */
    UNREADABLE("can't be read"),
    /** The text does not follow the file format. */
    SYNTAX("is not well-formed"),
    /** A key that does not exist, most often a slip of the pen. */
    UNKNOWN_KEY("is not a key"),
    /** A key without a default that is not there. */
    MISSING("is missing"),
    /** A list where a number belongs, and the like. */
    WRONG_TYPE("has the wrong type"),
    /** The right type, and not in the form that is accepted. */
    MALFORMED("is not understood"),
    /** The right form, and not among the accepted values. */
    OUT_OF_RANGE("is not accepted"),
    /** Right by itself, and contradicted by another key. */
    CONFLICT("contradicts another key"),
    /** The same thing configured twice. */
    DUPLICATE("is there twice"),
    /** A name that refers to nothing. */
    DANGLING_REFERENCE("refers to nothing");

    private final String phrase;

    FaultReason(String phrase) {
        this.phrase = phrase;
    }

    /** What follows the key in a message, for example {@code is missing}. */
    public String phrase() {
        return phrase;
    }
}
