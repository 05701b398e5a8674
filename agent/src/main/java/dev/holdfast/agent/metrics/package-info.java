/**
 * What Prometheus sees: the metrics' names and labels, made from one look at the agent.
 */
@NullMarked
package dev.holdfast.agent.metrics;

import org.jspecify.annotations.NullMarked;
