package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the keepers of managers are configured with.
 *
 * @param target how many managers there shall be, odd, 1 to 7
 * @param mode whether that number is kept
 * @param deadAfter for how long a manager must be gone, without a break, before it is replaced; a minute or more
 * @param rejoin what a manager does that fell out
 * @param unlockKey opens a locked Swarm; null if there is none
 * @param bootstrap whether fresh hosts become one Swarm by themselves
 */
public record ManagersConfig(
        int target,
        KeepMode mode,
        Duration deadAfter,
        RejoinMode rejoin,
        @Nullable Secret unlockKey,
        boolean bootstrap) {

    /** The shortest {@code dead-after}. */
    public static final Duration LEAST_DEAD_AFTER = Duration.ofMinutes(1);

    /** Checks the ranges. */
    public ManagersConfig {
        if (target < 1 || target > 7 || target % 2 == 0) {
            throw new IllegalArgumentException("target is 1, 3, 5 or 7, not " + target);
        }
        if (deadAfter.compareTo(LEAST_DEAD_AFTER) < 0) {
            throw new IllegalArgumentException("dead-after is at least a minute, not " + deadAfter);
        }
    }

    /** Without a bootstrap. */
    public ManagersConfig(
            int target, KeepMode mode, Duration deadAfter, RejoinMode rejoin, @Nullable Secret unlockKey) {
        this(target, mode, deadAfter, rejoin, unlockKey, false);
    }

    /** {@return the defaults of the configuration file} */
    public static ManagersConfig defaults() {
        return new ManagersConfig(3, KeepMode.OFF, Duration.ofMinutes(5), RejoinMode.AUTO, null);
    }
}
