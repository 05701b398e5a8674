/**
 * Notify hooks: what is run when an instance changes its state.
 */
@NullMarked
package dev.holdfast.agent.notify;

import org.jspecify.annotations.NullMarked;
