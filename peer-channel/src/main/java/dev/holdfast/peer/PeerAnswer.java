package dev.holdfast.peer;

/** What came of asking a peer. */
public sealed interface PeerAnswer {

    /** It answered. */
    record Answer(String body) implements PeerAnswer {}

    /** It did not, or can't be asked. */
    record None(PeerRefusal reason, String detail) implements PeerAnswer {}
}
