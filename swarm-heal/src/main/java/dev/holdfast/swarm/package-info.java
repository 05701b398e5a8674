/**
 * Decides and performs the healing of a Docker Swarm.
 */
@NullMarked
package dev.holdfast.swarm;

import org.jspecify.annotations.NullMarked;
