/**
 * What a service manager such as systemd is told of the agent.
 */
@NullMarked
package dev.holdfast.agent.service;

import org.jspecify.annotations.NullMarked;
