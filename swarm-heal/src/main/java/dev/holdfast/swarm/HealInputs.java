package dev.holdfast.swarm;

import org.jspecify.annotations.Nullable;

/**
 * All that {@link HealPolicy} may know. All times are on the same monotonic clock.
 *
 * @param enabled {@link SwarmConfig#enabled()}
 * @param masterSinceNanos null if this host is not MASTER
 * @param snapshot the latest; null before the first
 * @param stateSinceNanos since when every snapshot had its state, without a break
 * @param graceUntilNanos until when the others may still be booting, as this host or its engine was; null: they need not
 * @param membership who the managers are
 * @param cluster what the last leader said of the swarm; null if there never was one
 * @param evidence null if nobody was asked
 * @param peers what the other agents say
 * @param advertise the address a force would use
 * @param attempts force calls so far
 */
public record HealInputs(
        boolean enabled,
        HealConfig config,
        @Nullable Long masterSinceNanos,
        @Nullable SwarmSnapshot snapshot,
        long stateSinceNanos,
        @Nullable Long graceUntilNanos,
        Membership membership,
        @Nullable ClusterFacts cluster,
        @Nullable Evidence evidence,
        PeerEvidence peers,
        AdvertiseAddress advertise,
        Attempts attempts,
        long nowNanos) {}
