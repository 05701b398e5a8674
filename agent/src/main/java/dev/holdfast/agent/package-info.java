/**
 * The agent as a process: wiring of configuration, engine, trackers, hooks, HTTP and healing.
 */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
