package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Labels;

/** Why something is done, waited for, or not needed. Shared by status, log, journal and tests. */
public enum KeepReason {
    /** Switched off. */
    OFF("switched off"),
    /** All is as it should be. */
    AS_IT_SHOULD_BE("as it should be"),
    /** Only the MASTER does this. */
    NOT_MASTER("only the MASTER does this"),
    /** This node never was a manager, as far as this agent knows. */
    NEVER_A_MANAGER("this node was no manager"),
    /** The node was demoted, or left, through the API: somebody's purpose. */
    ON_PURPOSE("somebody demoted this node or took it out of the swarm on purpose; that is respected"),
    /** The engine does not answer, or the node is still starting. */
    ENGINE_NOT_READY("the engine is not ready yet"),
    /** The leader reaches this manager, whatever its own engine says. */
    LEADER_REACHES_IT("the leader reaches this manager, so nothing is to be repaired"),
    /** It may still come back by itself. */
    GRACE("a manager that fell out has two minutes to rejoin by itself"),
    /** The leader's list has it as a manager, and raft does not. */
    LIMBO("the leader lists this node as a manager, but raft does not have it"),
    /** The leader's list no longer has it. */
    EVICTED("the cluster was forced anew elsewhere, and its list lacks this node, which nobody demoted"),
    /** Its raft does not start. */
    ERROR("the node reports an error, and the leader does not reach it"),
    /** Its copy of the cluster was left behind by a force. */
    STALE_FORK("the cluster was forced anew elsewhere, and this copy of it is the older one"),
    /** It has left, and is to join again. */
    REJOINING("this node has left the swarm in order to join it again"),
    /** A pause after a try that did not help. */
    BACKOFF("the last try did not help; pausing"),
    /** A manager is gone, but not for long enough. */
    MANAGER_GONE("a manager is gone, but not yet for dead-after"),
    /** A manager is gone for good. */
    MANAGER_DEAD("a manager has been gone for dead-after"),
    /** Fewer managers than wanted, and a node that can be one. */
    TOO_FEW_MANAGERS("there are fewer managers than wanted"),
    /** A change is under way. */
    CHANGE_UNDER_WAY("a change of the managers is under way"),
    /** The change before must have settled. */
    STABILISING("the last change must have been in effect for half a minute"),
    /** A node came back under a new id. */
    OLD_ENTRY("a node that rejoined left an old entry behind"),
    /** A join got as far as a certificate, and no further. */
    NEVER_CAME("a node was let in and never came"),
    /** Fresh hosts become a Swarm together, or not at all. */
    WAITING_FOR_AGENTS("the first swarm is made when every agent is heard"),
    /** A host that is heard is not ready for a bootstrap. */
    WAITING_FOR_HOSTS("the first swarm is made when every host is fresh and its engine answers"),
    /** Fresh, and not the one that begins. */
    WAITING_FOR_MASTER("the MASTER makes the swarm, then this host joins it"),
    /** Another host is in the Swarm, which can't take anybody in now. */
    WAITING_FOR_LEADER("another host is in a swarm, and this one joins it when it has a leader"),
    /** Managers are let in one by one. */
    ONE_AT_A_TIME("managers join one at a time"),
    /** Every agent is heard, and every host is fresh. */
    FRESH_HOSTS("every host is fresh"),
    /** There is a Swarm to join. */
    SWARM_EXISTS("another host is in the swarm"),
    /** The key is there. */
    LOCKED("the swarm is locked");

    private final String text;

    KeepReason(String text) {
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
