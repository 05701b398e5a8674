/**
 * Where log lines go: one line each, handed over so that a slow reader never holds up the one who logs.
 */
@NullMarked
package dev.holdfast.agent.log;

import org.jspecify.annotations.NullMarked;
