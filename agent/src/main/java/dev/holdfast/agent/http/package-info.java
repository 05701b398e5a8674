/**
 * The read-only HTTP side: status, health and metrics.
 */
@NullMarked
package dev.holdfast.agent.http;

import org.jspecify.annotations.NullMarked;
