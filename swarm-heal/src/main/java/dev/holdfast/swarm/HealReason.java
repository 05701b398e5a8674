package dev.holdfast.swarm;

/** Why there is nothing to do, or what is being waited for. Shared by status, log, journal and tests. */
public enum HealReason {
    /** {@code swarm.enabled = false}. */
    DISABLED("healing is switched off"),
    /** This host is not MASTER. */
    NOT_MASTER("only the MASTER heals"),
    /** The engine has not been looked at yet. */
    FIRST_LOOK("the engine has not been asked yet"),
    /** The control plane has a leader. */
    HAS_LEADER("the swarm has a leader"),
    /** No leader, but not for long enough. */
    HOLD("no leader, but not yet for long enough"),
    /** The engine has had no leader since it started, or the host has just booted: so may the others. */
    BOOT_GRACE("no leader since the engine or the host started; the other managers may still come"),
    /** A manager answers that was silent: if it has a leader, this node rejoins by itself. */
    RETURN_GRACE("another manager has come back; if it has a leader, this node rejoins by itself"),
    /** Of those that answered while this node had no leader one has fallen silent: it may be on its way into a healed cluster. */
    GONE_GRACE("another manager answered and is silent now; it may be joining a cluster that was healed elsewhere"),
    /** Another agent has the newer state and was asked to heal. */
    BETTER_CANDIDATE("another agent has the newer state and was asked to heal"),
    /** After a failed force. */
    BACKOFF("the last force failed; pausing"),
    /** After too many forces. */
    COOLDOWN("too many forces in a row; pausing, look at the swarm yourself"),
    /** Every gate is open. */
    QUORUM_LOST("the swarm has lost its quorum for good, as far as can be seen from here");

    private final String text;

    HealReason(String text) {
        this.text = text;
    }

    /** {@return the name as status, log and metrics print it, e.g. {@code not-master}} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the reason in words} */
    public String text() {
        return text;
    }
}
