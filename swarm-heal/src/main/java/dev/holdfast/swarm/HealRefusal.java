package dev.holdfast.swarm;

import org.jspecify.annotations.Nullable;

/**
 * Why a MASTER does not force although the swarm is not well. Shared by status, log, journal, metrics
 * ({@code holdfast_swarm_heal_refusals_total{reason}}) and tests.
 */
public enum HealRefusal {
    /** {@link EngineFault#NOT_RUNNING}, {@link EngineFault#NO_ANSWER} or {@link EngineFault#NOT_UNDERSTOOD}. */
    ENGINE_DOWN("the engine does not answer"),
    /** {@link EngineFault#PERMISSION_DENIED}. */
    SOCKET_NOT_PERMITTED("the engine's socket may not be used by this process"),
    /** {@link SwarmState#INACTIVE}. */
    NOT_IN_SWARM("the node is in no swarm; a force would make a new, empty one"),
    /** {@link SwarmState#LOCKED}. */
    SWARM_LOCKED("the swarm is locked"),
    /** {@link SwarmState#WORKER}. */
    NOT_A_MANAGER("the node is a worker"),
    /** {@link SwarmState#STARTING}. */
    MANAGER_STARTING("the manager is still starting"),
    /** {@link SwarmState#ELECTING}. */
    ELECTION_RUNNING("an election may be running; a force would destroy its outcome"),
    /** {@link SwarmState#BROKEN}. */
    NODE_BROKEN("the node is broken in a way no force mends"),
    /** What is known is too old to act on. */
    STALE_EVIDENCE("what is known is too old"),
    /** {@link ClusterFacts#autolock()}. */
    AUTOLOCK("the swarm is autolocked; a force would fail and take the node out"),
    /** {@link HealMode#QUORUM}. */
    PEER_CHANNEL_MISSING("policy quorum needs a channel between the agents, and there is none"),
    /** {@link HealMode#QUORUM}: fewer than two agents are configured. */
    PEERS_TOO_FEW("policy quorum needs at least two agents that are named in the configuration"),
    /** {@link HealMode#QUORUM}: two agents reckon a majority from different numbers, or one is a copy of the other. */
    PEERS_DIFFER("the agents don't agree on who they are"),
    /** {@link HealMode#QUORUM}: fewer than a majority of the configured agents answer, or would promise. */
    NO_MAJORITY("no majority of the agents has promised not to force"),
    /** {@link HealMode#QUORUM}: a quorum could live among the managers that did not promise. */
    BYSTANDERS(
            "most agents promised, but too few of them have a part in this cluster: its other managers may be a quorum"),
    /** A majority has promised, but too long ago. */
    MAJORITY_EXPIRED("the promises of the majority are too old to act on"),
    /** An agent's engine shows a leader of the same cluster. */
    PEER_SEES_LEADER("another agent sees a leader"),
    /** An agent cannot rule out that there is a leader. */
    PEER_NOT_SURE("another agent is not sure that there is no leader"),
    /** An agent knows of a newer state of the cluster than the one that would be forced. */
    STALE_COPY("another agent knows of a newer state than the one here"),
    /** This agent, or one that was asked, has promised another agent not to stand in its way. */
    PROMISE_OUTSTANDING("a promise to another agent stands, which may be forcing or have forced"),
    /** Somebody has promised in a later epoch; the next try takes a greater number. */
    EPOCH_PASSED("a promise was given in a later epoch"),
    /** Nobody knows what this agent has promised. */
    PROMISES_UNREADABLE("what was promised cannot be read, so nothing is promised and nothing forced"),
    /** A reachable agent has the newer state, and does not heal. */
    BETTER_CANDIDATE("another agent has the newer state and should heal, but does not"),
    /** No other manager is known: a swarm of one that has lost its leader is no lost quorum. */
    MANAGERS_UNKNOWN("no other manager is known, so nobody can say what the quorum is"),
    /** A manager is known, but not where to reach it, or it was not asked. */
    MANAGER_NOT_PROBED("not every known manager could be asked"),
    /** The others alone are a quorum: it is this node that is sick. */
    QUORUM_WITHOUT_US("the other managers are a quorum without this node"),
    /** The others and this node are a quorum. */
    QUORUM_STILL_POSSIBLE("enough managers answer to elect a leader without force"),
    /** No witness is configured, and there is no default gateway. */
    NO_WITNESS("there is no witness to ask"),
    /** A witness is an address of this host. */
    WITNESS_IS_SELF("a witness is this host itself"),
    /** A witness does not answer: this host may be the one that is cut off. */
    WITNESS_SILENT("a witness does not answer; this host may be cut off"),
    /** Neither configured nor known to the Swarm, or no IP address. */
    ADVERTISE_ADDRESS_UNKNOWN("no address is known to advertise"),
    /** The advertise address is a virtual one. */
    ADVERTISE_ADDRESS_IS_VIP("the advertise address is a virtual address, which moves"),
    /** The advertise address is on no interface of this host. */
    ADVERTISE_ADDRESS_NOT_LOCAL("the advertise address is not on this host"),
    /** Loopback, unspecified or multicast. */
    ADVERTISE_ADDRESS_UNUSABLE("the advertise address cannot be reached by other hosts"),
    /** The state directory cannot be written: a force would leave no trace and could not be counted. */
    STATE_NOT_SAVED("the state directory cannot be written"),
    /** MASTER was lost between the decision and the call. */
    MASTERSHIP_LOST("this host is no longer MASTER");

    private final String text;

    HealRefusal(String text) {
        this.text = text;
    }

    /** {@return the name as status, log and metrics print it, e.g. {@code witness-silent}} */
    public String label() {
        return Labels.of(this);
    }

    /** {@return the reason of that label, or null if there is none} */
    public static @Nullable HealRefusal of(String label) {
        for (HealRefusal refusal : values()) {
            if (refusal.label().equals(label)) {
                return refusal;
            }
        }
        return null;
    }

    /** {@return the reason in words} */
    public String text() {
        return text;
    }
}
