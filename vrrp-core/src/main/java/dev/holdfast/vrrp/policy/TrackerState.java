package dev.holdfast.vrrp.policy;

/**
 * What one tracker (a script, an interface, a file) says now about an instance.
 *
 * @param name shown as the reason of a fault
 * @param weight -254..254; 0: it does not weigh, a failure is a fault
 * @param reverse as keepalived's: a fault when up instead of when down; a weight keeps its occasion and changes its sign
 * @param up whether the thing tracked is well
 */
public record TrackerState(String name, int weight, boolean reverse, boolean up) {
    /** The largest weight in either direction. */
    public static final int MAX_WEIGHT = 254;

    /** @throws IllegalArgumentException if the weight is not within -254..254 */
    public TrackerState {
        if (Math.abs(weight) > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight must be -254..254, not " + weight);
        }
    }

    /** Whether this tracker alone keeps its instance in FAULT. */
    public boolean isFault() {
        return weight == 0 && up == reverse;
    }

    /** What it adds to the priority now, negative or positive: a positive weight counts while up, a negative while down. */
    public int contribution() {
        int due = up == (weight > 0) ? weight : 0;
        return reverse ? -due : due;
    }
}
