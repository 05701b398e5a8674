/**
 * The orders that a process gets from the operating system.
 */
@NullMarked
package dev.holdfast.agent.signals;

import org.jspecify.annotations.NullMarked;
