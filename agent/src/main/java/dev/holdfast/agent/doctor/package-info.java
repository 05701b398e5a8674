/**
 * What is wrong with a host, and the command that mends it: facts are gathered at the edge, judgements are pure.
 */
@NullMarked
package dev.holdfast.agent.doctor;

import org.jspecify.annotations.NullMarked;
