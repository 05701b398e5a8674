/**
 * What the agent is told to do: HOCON or keepalived.conf in, immutable records or a list of all faults out.
 */
@NullMarked
package dev.holdfast.agent.config;

import org.jspecify.annotations.NullMarked;
