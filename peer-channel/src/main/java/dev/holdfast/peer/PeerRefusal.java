package dev.holdfast.peer;

import java.util.Locale;

/** Why a connection or a request was refused, or a peer can't be asked. Shared by status, log, metrics and tests. */
public enum PeerRefusal {
    /** What came first is no TLS record: something else was started here, or a scanner knocked. */
    NOT_TLS("it does not speak TLS"),
    /** TLS, but not as we speak it: another version, or bytes that were replayed or changed on the way. */
    HANDSHAKE_FAILED("the TLS handshake failed"),
    /** A certificate that none of our secrets signed, or ours was not accepted there. */
    WRONG_SECRET("it does not have the same secret"),
    /** The right secret, but a name that no agent may have. */
    BAD_NAME("its certificate does not name an agent"),
    /** We have reached ourselves. */
    SELF("it is this agent itself"),
    /** Two agents that are not one use the same name. */
    NAME_TAKEN("another agent uses the same name"),
    /** Handshake, request or answer did not come in time. */
    TOO_SLOW("it was too slow"),
    /** The limit of connections, in all or from one address, or of open requests is reached. */
    TOO_MANY("there are too many connections or requests already"),
    /** A frame longer than the limit. */
    TOO_LARGE("the message is too large"),
    /** A frame or message that can't be understood. */
    MALFORMED("the message is malformed"),
    /** A message of a kind that is not known here: perhaps of a newer version. */
    UNKNOWN_REQUEST("the request is not known here"),
    /** Nobody accepts connections at the address. */
    UNREACHABLE("it can't be reached"),
    /** The connection ended before it should. */
    CUT_OFF("the connection ended");

    private final String text;

    PeerRefusal(String text) {
        this.text = text;
    }

    /** {@return the name as status, log and metrics print it, e.g. {@code wrong-secret}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return the reason in words, after "refused: "} */
    public String text() {
        return text;
    }
}
