package dev.holdfast.vrrp.engine;

/**
 * How a MASTER answers the advertisements of another one; see {@link dev.holdfast.vrrp.fsm.RouterSettings}.
 *
 * @param lowerPriorityNoAdvert one that loses against it gets no advertisement back
 * @param higherPrioritySendAdvert one that wins gets a last advertisement
 */
public record Rivals(boolean lowerPriorityNoAdvert, boolean higherPrioritySendAdvert) {
    /** Each is answered, a better one for the last time. */
    public static final Rivals USUAL = new Rivals(false, true);
}
