package dev.holdfast.peer;

import java.io.IOException;

/** A connection is given up, for a named reason. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final PeerRefusal refusal;

    RefusedException(PeerRefusal refusal, String detail) {
        super(detail);
        this.refusal = refusal;
    }

    PeerRefusal refusal() {
        return refusal;
    }
}
