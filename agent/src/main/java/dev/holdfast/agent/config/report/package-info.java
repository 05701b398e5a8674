/**
 * How a configuration is found wrong or doubtful: faults, warnings and where they are.
 */
@NullMarked
package dev.holdfast.agent.config.report;

import org.jspecify.annotations.NullMarked;
