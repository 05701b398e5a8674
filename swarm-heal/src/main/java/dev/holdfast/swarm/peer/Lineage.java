package dev.holdfast.swarm.peer;

import java.util.Comparator;

/**
 * How new a manager's copy of the cluster is. Of two copies that are no longer in touch, the greater one has the newer state.
 *
 * @param epoch the number of the last force, of whichever agent, that this copy comes from; 0 before the first
 * @param index the greatest index of raft that this node's engine showed while it had a leader; 0 if it never did
 */
public record Lineage(long epoch, long index) implements Comparable<Lineage> {

    /** Nothing is known. */
    public static final Lineage NONE = new Lineage(0, 0);

    /** Checks the ranges. */
    public Lineage {
        if (epoch < 0 || index < 0) {
            throw new IllegalArgumentException("epoch and index are 0 or more, not " + epoch + " and " + index);
        }
    }

    @Override
    public int compareTo(Lineage other) {
        return Comparator.comparingLong(Lineage::epoch)
                .thenComparingLong(Lineage::index)
                .compare(this, other);
    }
}
