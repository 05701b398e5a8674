/**
 * Small notations that configurations use: times and command lines.
 */
@NullMarked
package dev.holdfast.agent.config.text;

import org.jspecify.annotations.NullMarked;
