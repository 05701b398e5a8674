package dev.holdfast.agent.config;

import dev.holdfast.vrrp.wire.IpAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The watch over Docker Swarm.
 *
 * @param enabled whether there is one
 * @param dockerHost {@code unix:///PATH} or {@code tcp://HOST:PORT}; default: the environment's DOCKER_HOST, or else
 *     {@code unix:///var/run/docker.sock}
 * @param advertiseAddress what a re-formed Swarm knows this node by; empty: what the Swarm knows it by already. Never a
 *     virtual address
 * @param heal when and how a Swarm without a quorum is re-formed
 */
public record SwarmSettings(boolean enabled, URI dockerHost, Optional<IpAddress> advertiseAddress, Heal heal) {

    /** How much must agree before a Swarm is forced. */
    public enum Policy {
        /** Never acts; says what it would have done. */
        OBSERVE,
        /** Every witness must answer, so that it is not this host that is cut off. */
        GUARDED,
        /** No leader for the hold time is enough. */
        EAGER
    }

    /**
     * When and how a Swarm without a quorum is re-formed.
     *
     * @param policy what must agree; default guarded
     * @param hold how long the Swarm must have been without a leader, 0..1 h; default 30 s
     * @param witnesses addresses that must answer; empty: the default gateway. Never a virtual address
     * @param backoffMin the first pause after a failed attempt, 100 ms..1 h; default 1 s
     * @param backoffMax the longest pause, not below the first, at most 1 h; default 60 s
     * @param maxAttempts attempts before the cooldown, 1..100; default 3
     * @param cooldown 1 s..1 d; default 10 min
     */
    public record Heal(
            Policy policy,
            Duration hold,
            List<IpAddress> witnesses,
            Duration backoffMin,
            Duration backoffMax,
            int maxAttempts,
            Duration cooldown) {
        public Heal {
            witnesses = List.copyOf(witnesses);
        }
    }
}
