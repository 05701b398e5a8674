package dev.holdfast.agent.track;

/**
 * The result of one look.
 *
 * @param success whether it is well
 * @param value a file's number; 0 for all others
 * @param detail the result in a few words, without secrets
 */
record Reading(boolean success, int value, String detail) {
    static Reading of(boolean success, String detail) {
        return new Reading(success, 0, detail);
    }
}
