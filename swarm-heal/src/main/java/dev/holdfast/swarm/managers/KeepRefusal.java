package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Labels;

/** Why something is wrong and nothing is done about it. Shared by status, log, journal and tests. */
public enum KeepRefusal {
    /** {@code swarm.heal.rejoin = off}. */
    REJOIN_OFF("swarm.heal.rejoin is off"),
    /** {@link dev.holdfast.swarm.peer.Peers#NONE}. */
    CHANNEL_MISSING("there is no channel between the agents to ask over"),
    /** Nobody that was heard lately has a leader of this cluster. */
    NO_SURVIVOR("no other agent sees a leader of this cluster"),
    /** An engine without a node id. */
    ZOMBIE("the engine has no node id; only a restart of the engine cures that"),
    /** Two leaders of one cluster, neither of them the newer. */
    FORKS_OF_EQUAL_AGE("two leaders of this cluster, and neither copy is the newer one"),
    /** The fork is led by several managers. */
    FORK_IS_A_QUORUM("this fork has several managers that agree on a leader; swarm.heal.rejoin = force gives it up"),
    /** The fork holds what the survivor lacks. */
    WOULD_BE_LOST("this fork holds what the other swarm lacks; swarm.heal.rejoin = force gives it up"),
    /** It is not known what the fork holds. */
    INVENTORY_UNKNOWN("it is not known what would be lost"),
    /** No address to advertise. */
    ADVERTISE_ADDRESS("there is no usable address to advertise"),
    /** Repaired again and again. */
    TOO_MANY_REPAIRS("this node was repaired three times within an hour; look at it yourself"),
    /** The other agent gives no token. */
    NO_TOKEN("the other agent gives no token"),
    /** No manager of the swarm to join can be reached. */
    MANAGERS_OUT_OF_REACH("no manager of the swarm to join can be reached from here"),
    /** The engine refused a call, or did not answer it. */
    CALL_FAILED("the engine did not do it"),
    /** The state directory cannot be written. */
    STATE_NOT_SAVED("the state directory cannot be read or written"),
    /** There is no leader to ask for a change. */
    NO_LEADER("without a leader nothing can be changed"),
    /** The last look is too old. */
    STALE("what is known is too old to act on"),
    /** The reachable managers would be no quorum. */
    WOULD_LOSE_QUORUM("the managers left would be no quorum"),
    /** No worker can become a manager. */
    NOT_ENOUGH_NODES("there are not enough healthy nodes for so many managers"),
    /** A promotion that does not take effect. */
    CHANGE_STUCK("a change of the managers does not take effect"),
    /** {@code swarm.bootstrap = false} where another agent asks. */
    BOOTSTRAP_OFF("swarm.bootstrap is false there"),
    /** In no Swarm, but with an error: perhaps its data is still on its disk. */
    ENGINE_NOT_CLEAN("the engine is in no swarm, but not without an error"),
    /** In no Swarm now, but in one before. */
    NOT_FRESH("this host was in a swarm before, and only fresh hosts make the first one"),
    /** Two Swarms at once. */
    TWO_SWARMS("the other hosts are in different swarms"),
    /** The configurations differ. */
    OTHER_AGENTS("the agents do not all name the same agents"),
    /** Who did not promise to leave it to this host, and why. */
    NOT_PROMISED("another agent does not leave it to this one"),
    /** A call to make the Swarm was made, or may have been. */
    INIT_UNDER_WAY("that host has begun to make the swarm itself"),
    /** Two hosts are MASTER; the first by name goes first. */
    OTHERS_TURN("that host is MASTER too and goes first"),
    /** A locked Swarm, and no key. */
    NO_KEY("the swarm is locked, and swarm.unlock-key is not set"),
    /** The key was tried three times. */
    KEY_REFUSED("the swarm is locked, and the key was tried three times in vain");

    private final String text;

    KeepRefusal(String text) {
        this.text = text;
    }

    /** {@return the name as status, log and journal print it} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the reason in words} */
    public String text() {
        return text;
    }
}
