package dev.holdfast.swarm;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about healing that a person may want to know. Immutable.
 *
 * @param state null before the first look at the engine, and when healing is disabled
 * @param stateDetail the state in words, with the engine's own message
 * @param fault why the engine cannot be asked; null unless the state is {@link SwarmState#DOCKER_DOWN}
 * @param stateSince when the state began, as far as it was watched; null if {@code state} is
 * @param observedAt when the engine was last looked at; null if {@code state} is
 * @param mode the policy in force
 * @param master whether this host is MASTER
 * @param decision {@link HealPlan#kind()}
 * @param reason the decision's named reason, e.g. {@code witness-silent}
 * @param explanation the decision in words
 * @param waitingUntil when the decision can change at the earliest; null unless it is to wait
 * @param attempts force calls that count towards {@code max-attempts} now
 * @param forces force calls of this process by result; every result is present
 * @param refusals refusals of this process by reason; absent is zero
 * @param nodeId this node's id in the Swarm, empty if none
 * @param clusterId empty if not known
 * @param managers the managers last known: of the last leader, or else of the engine's own list
 * @param leader null if there is none, or this node may not know it
 * @param configuredMode the policy of the configuration
 * @param modeSince since when an operator's word stands in its place; null if it does not
 * @param lastForce the latest force call, also of an earlier run; null if there is none on record
 */
public record HealStatus(
        @Nullable SwarmState state,
        String stateDetail,
        @Nullable EngineFault fault,
        @Nullable Instant stateSince,
        @Nullable Instant observedAt,
        HealMode mode,
        boolean master,
        String decision,
        String reason,
        String explanation,
        @Nullable Instant waitingUntil,
        int attempts,
        Map<ForceResult, Long> forces,
        Map<HealRefusal, Long> refusals,
        String nodeId,
        String clusterId,
        List<Manager> managers,
        @Nullable Manager leader,
        HealMode configuredMode,
        @Nullable Instant modeSince,
        @Nullable LastForce lastForce) {

    /**
     * A force call.
     *
     * @param at when it ended
     * @param result null if its end is not on record
     */
    public record LastForce(Instant at, @Nullable ForceResult result) {}

    /** Copies the collections. */
    public HealStatus {
        forces = Map.copyOf(forces);
        refusals = Map.copyOf(refusals);
        managers = List.copyOf(managers);
    }
}
