/**
 * Trackers: what they see decides an instance's effective priority, or its fault.
 */
@NullMarked
package dev.holdfast.agent.track;

import org.jspecify.annotations.NullMarked;
