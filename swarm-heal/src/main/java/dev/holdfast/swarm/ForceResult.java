package dev.holdfast.swarm;

/** How a force call ended, judged by reading the state afterwards and never by the answer alone. */
public enum ForceResult {
    /** This node leads the swarm. */
    SUCCESS,
    /** It does not, within the time allowed. */
    FAILURE;

    /** {@return the label of {@code holdfast_swarm_force_total{result}}} */
    public String label() {
        return Labels.of(this);
    }
}
