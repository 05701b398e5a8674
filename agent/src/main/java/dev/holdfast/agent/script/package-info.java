/**
 * Runs commands of the configuration: without a shell, with a deadline, as another user where asked.
 */
@NullMarked
package dev.holdfast.agent.script;

import org.jspecify.annotations.NullMarked;
