/**
 * Promises between agents, of which policy {@code quorum} needs a majority before a force: who may be promised what, as a state
 * machine without clock, file or network. The argument why it is safe is in {@code docs/healing-quorum.md}.
 */
@NullMarked
package dev.holdfast.swarm.promise;

import org.jspecify.annotations.NullMarked;
