package dev.holdfast.vrrp.policy;

/**
 * Turns single results of a check into a state that does not flap: so many successes in a row make it UP, so many failures in
 * a row DOWN. The very first result counts at once, as in keepalived, so that a start does not wait for {@code rise}
 * intervals. Not for more than one thread.
 */
public final class RiseFall {
    /** What the results so far mean. */
    public enum State {
        /** No result yet. */
        UNKNOWN,
        /** Well. */
        UP,
        /** Failed. */
        DOWN
    }

    private final int rise;
    private final int fall;
    private State state = State.UNKNOWN;
    /** Results in a row that contradict the state. */
    private int against;

    /**
     * @param rise successes in a row that end DOWN, at least 1
     * @param fall failures in a row that end UP, at least 1
     * @throws IllegalArgumentException if one is less than 1
     */
    public RiseFall(int rise, int fall) {
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise and fall must be at least 1, not " + rise + " and " + fall);
        }
        this.rise = rise;
        this.fall = fall;
    }

    /** The state after all results so far. */
    public State state() {
        return state;
    }

    /**
     * Takes in one result.
     *
     * @param success whether the check succeeded; a time-out is a failure
     * @return whether the state is another one now
     */
    public boolean record(boolean success) {
        State said = success ? State.UP : State.DOWN;
        if (said == state) {
            against = 0;
            return false;
        }
        against++;
        int needed = switch (state) {
            case UNKNOWN -> 1;
            case UP -> fall;
            case DOWN -> rise;
        };
        if (against < needed) {
            return false;
        }
        state = said;
        against = 0;
        return true;
    }
}
