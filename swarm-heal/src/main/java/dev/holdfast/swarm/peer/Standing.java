package dev.holdfast.swarm.peer;

/**
 * What a node is in the words of a leader, asked by an agent whose own engine can't know.
 *
 * @param kind what the leader's list says
 * @param demoted whether the node was last seen there as a worker by role, which only a person or a keeper of managers brings about
 */
public record Standing(Kind kind, boolean demoted) {

    /** {@return whether the leader has this node as what it is, so that it must not leave} */
    public boolean belongs() {
        return kind == Kind.REACHABLE || kind == Kind.WORKER;
    }

    /** The kinds. */
    public enum Kind {
        /** A manager that takes part in raft, and is reached. */
        REACHABLE,
        /** A member of raft that is not reached. */
        UNREACHABLE,
        /** A manager by role that is no member of raft. */
        LIMBO,
        /** A worker by role. */
        WORKER,
        /** The leader has no such node. */
        ABSENT
    }
}
