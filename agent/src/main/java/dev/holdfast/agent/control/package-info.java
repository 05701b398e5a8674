/**
 * The control socket: how commands on this host talk to the running agent.
 */
@NullMarked
package dev.holdfast.agent.control;

import org.jspecify.annotations.NullMarked;
