package dev.holdfast.swarm;

import java.time.Duration;
import java.util.List;

/**
 * {@code swarm.heal}.
 *
 * @param mode {@code policy}
 * @param hold how long the swarm must have had no leader, without a break; more than zero
 * @param witnesses who must answer; empty means the default gateway
 * @param backoffMin shortest pause after a failed force, more than zero
 * @param backoffMax longest, at least {@code backoffMin}
 * @param maxAttempts force calls in a row before {@code cooldown}, 1 or more. A successful one counts too, so that a
 *     swarm that falls apart again and again is left to people
 * @param cooldown pause after {@code maxAttempts}, more than zero
 * @param bootGrace how long to wait for the other managers where this one has just started too; zero: no longer than ever
 */
public record HealConfig(
        HealMode mode,
        Duration hold,
        List<Witness> witnesses,
        Duration backoffMin,
        Duration backoffMax,
        int maxAttempts,
        Duration cooldown,
        Duration bootGrace) {

    /** Checks the ranges. */
    public HealConfig {
        positive("hold", hold);
        positive("backoff.min", backoffMin);
        positive("cooldown", cooldown);
        if (bootGrace.isNegative()) {
            throw new IllegalArgumentException("boot-grace must be zero or more, not " + bootGrace);
        }
        if (backoffMax.compareTo(backoffMin) < 0) {
            throw new IllegalArgumentException(
                    "backoff.max must be at least backoff.min (" + backoffMin + "), not " + backoffMax);
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("max-attempts must be 1 or more, not " + maxAttempts);
        }
        witnesses = List.copyOf(witnesses);
    }

    /** {@return the defaults of the configuration file} */
    public static HealConfig defaults() {
        return new HealConfig(
                HealMode.GUARDED,
                Duration.ofSeconds(30),
                List.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                3,
                Duration.ofMinutes(10),
                Duration.ofMinutes(5));
    }

    /** {@return the same with another policy} */
    HealConfig withMode(HealMode changed) {
        return new HealConfig(changed, hold, witnesses, backoffMin, backoffMax, maxAttempts, cooldown, bootGrace);
    }

    /** {@return whom to ask: the configured witnesses, or the default gateway} */
    public List<Witness> effectiveWitnesses() {
        return witnesses.isEmpty() ? List.of(new Witness.Gateway()) : witnesses;
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + " must be more than zero, not " + value);
        }
    }
}
