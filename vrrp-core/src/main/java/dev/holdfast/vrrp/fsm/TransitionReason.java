package dev.holdfast.vrrp.fsm;

/** Why a virtual router changed its state; shared by log line, status and tests. */
public enum TransitionReason {
    STARTED("started"),
    ADDRESS_OWNER("priority 255: the addresses are its own"),
    MASTER_DOWN("no advertisement within Master_Down_Interval"),
    MASTER_RESIGNED("the MASTER resigned with priority 0"),
    PREEMPTED_LOWER_PRIORITY("the MASTER's priority is lower"),
    HIGHER_PRIORITY("an advertisement with a higher priority"),
    HIGHER_ADDRESS("an advertisement with the same priority from a higher address"),
    HANDED_OVER("handed over on request; it obeys any MASTER until that one is gone"),
    STALLED("this host slept for longer than Master_Down_Interval"),
    INTERFACE_DOWN("the interface is down, missing or without an address"),
    TRACKER_FAILED("a tracker failed"),
    SYNC_GROUP("another member of the sync group left its state"),
    FAULT_CLEARED("what was wrong is mended"),
    STOPPED("stopped");

    private final String text;

    TransitionReason(String text) {
        this.text = text;
    }

    /** The reason in words, for the log line after the transition. */
    public String text() {
        return text;
    }
}
