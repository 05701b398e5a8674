package dev.holdfast.swarm;

import java.util.List;

/**
 * What the other agents say, as far as a force depends on it.
 *
 * @param configured how many agents are configured, this one included; 0 without a channel
 * @param leaders agents that see a leader of this cluster, in words
 * @param choice whose copy should be forced
 * @param promisedTo another agent to which this one has promised not to force, lately; empty if none
 */
public record PeerEvidence(int configured, List<String> leaders, Candidates.Choice choice, String promisedTo) {

    /** Nobody else is there. */
    public static final PeerEvidence NONE = new PeerEvidence(0, List.of(), new Candidates.Self(), "");

    /** Copies the list. */
    public PeerEvidence {
        leaders = List.copyOf(leaders);
    }
}
