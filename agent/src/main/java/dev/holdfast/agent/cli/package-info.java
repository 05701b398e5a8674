/**
 * The commands, their arguments and their exit codes.
 */
@NullMarked
package dev.holdfast.agent.cli;

import org.jspecify.annotations.NullMarked;
