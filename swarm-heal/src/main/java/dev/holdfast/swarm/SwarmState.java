package dev.holdfast.swarm;

/**
 * What this node is to its Swarm, as far as its own engine can tell. Only {@link #NO_LEADER} is a state to heal; every
 * doubt is some other state.
 */
public enum SwarmState {
    /** The engine does not answer; {@link EngineFault} says why. */
    DOCKER_DOWN,
    /** The engine is in no swarm. Forcing here would make a new, empty cluster. */
    INACTIVE,
    /** The swarm is autolocked and waits for its key. */
    LOCKED,
    /** A worker, or a manager that was evicted from raft: it has no say in the control plane. */
    WORKER,
    /** The manager is coming up; nothing is known yet. */
    STARTING,
    /** The control plane answers, so it has a leader. Forcing here would destroy a healthy quorum. */
    HAS_LEADER,
    /** No answer, or one that means nothing certain: an election may be running. Forcing here would destroy its outcome. */
    ELECTING,
    /** The engine says, in so many words, that the swarm has no leader. */
    NO_LEADER,
    /** The node is in a state that no force can mend (a zombie without a node id, a raft node that does not start). */
    BROKEN
}
