/**
 * What can be known of a running agent at one moment, and its form for machines and for people.
 */
@NullMarked
package dev.holdfast.agent.status;

import org.jspecify.annotations.NullMarked;
