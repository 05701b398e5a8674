package dev.holdfast.vrrp.fsm;

/** The states of a virtual router (RFC 9568 section 6.4), and FAULT for one that must not take part. */
public enum VrrpState {
    /** Configured, not running yet, or stopped. */
    INIT(0),
    /** Listens, and takes over when the MASTER falls silent. */
    BACKUP(1),
    /** Holds the addresses and says so. */
    MASTER(2),
    /** A tracker or the link says that this host can't serve; neither holds nor stands for election. */
    FAULT(3);

    private final int code;

    VrrpState(int code) {
        this.code = code;
    }

    /** The number in the metric {@code holdfast_vrrp_state}. */
    public int code() {
        return code;
    }
}
