package dev.holdfast.vrrp.fsm;

/**
 * How far a planned hand-over has got. Its MASTER has first resigned: it says no more, and goes on answering for the
 * addresses, because nobody else does yet. Then it has been followed: it is MASTER no more, and lingers on the addresses
 * until its neighbours have learned where they are now.
 */
final class HandOver {
    /** No release planned. */
    static final long NONE = Long.MAX_VALUE;

    /** How long a successor and the way to it may take beyond the longest Skew_Time. */
    private static final long MARGIN_NANOS = 250_000_000;

    /**
     * One more than necessary where nothing is lost. The other one repeats what the network lost: a backup that missed the
     * first resignation follows the second, and a successor whose advert was lost answers it with another.
     */
    private static final int RESIGNATIONS = 2;

    private enum Phase {
        NONE,
        RESIGNED,
        FOLLOWED
    }

    private Phase phase = Phase.NONE;
    private VrrpState otherwise = VrrpState.MASTER;
    private int resignations;
    private boolean announced;
    private long releaseAtNanos = NONE;

    /**
     * It begins, or goes on with a stronger will to leave: INIT for good, BACKUP even if nobody follows, MASTER only if
     * somebody does.
     */
    void begin(VrrpState whenNobodyFollows) {
        if (phase != Phase.RESIGNED) {
            phase = Phase.RESIGNED;
            otherwise = VrrpState.MASTER;
            resignations = RESIGNATIONS;
            announced = false;
            releaseAtNanos = NONE;
        }
        if (whenNobodyFollows.code() < otherwise.code()) {
            otherwise = whenNobodyFollows;
        }
    }

    /** Whether it waits for a successor. */
    boolean hasResigned() {
        return phase == Phase.RESIGNED;
    }

    /** Whether a successor was heard and the addresses are still here. */
    boolean lingers() {
        return phase == Phase.FOLLOWED;
    }

    /** Whether the router leaves for good. */
    boolean isForGood() {
        return otherwise == VrrpState.INIT;
    }

    /** What it is to be if nobody follows. */
    VrrpState otherwise() {
        return otherwise;
    }

    /** Whether another resignation is left; takes it. */
    boolean takeResignation() {
        return resignations-- > 0;
    }

    /** How long to wait for a successor after a resignation, whatever its priority is. */
    static long waitNanos(RouterSettings settings) {
        return TimerMath.skewNanos(settings.version(), 1, settings.advertIntervalNanos()) + MARGIN_NANOS;
    }

    /** A successor was heard. It may have announced itself before. */
    void followed(long now) {
        phase = Phase.FOLLOWED;
        releaseAtNanos = now + (announced ? VirtualRouter.LINGER_NANOS : VirtualRouter.ANNOUNCEMENT_NANOS);
    }

    /** The successor announced its addresses. */
    void announced(long now) {
        if (phase == Phase.FOLLOWED && !announced) {
            releaseAtNanos = Math.min(releaseAtNanos, now + VirtualRouter.LINGER_NANOS);
        }
        announced = true;
    }

    /** When the addresses are to go; {@link #NONE}: not because of this. */
    long releaseAtNanos() {
        return releaseAtNanos;
    }

    /** It is over. */
    void end() {
        phase = Phase.NONE;
        releaseAtNanos = NONE;
    }
}
