/**
 * Keeps the managers of a Swarm: replaces those that died, and unlocks a locked one. The decisions are pure and stand in the classes named
 * {@code ...Policy}; {@link dev.holdfast.swarm.managers.Keepers} carries them out.
 */
@NullMarked
package dev.holdfast.swarm.managers;

import org.jspecify.annotations.NullMarked;
