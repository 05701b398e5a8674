package dev.holdfast.swarm;

import org.jspecify.annotations.Nullable;

/**
 * What became of an operator's order to heal.
 *
 * @param plan a {@link HealPlan.Force} if the call was made, or else why not
 * @param result null if no call was made
 * @param detail the engine's answer and the state after it, empty if no call was made
 */
public record HealOutcome(HealPlan plan, @Nullable ForceResult result, String detail) {}
