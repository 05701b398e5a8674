/**
 * The engine behind {@link dev.holdfast.swarm.SwarmGateway}, reached through docker-java's transport. No other package
 * imports docker-java.
 */
@NullMarked
package dev.holdfast.swarm.docker;

import org.jspecify.annotations.NullMarked;
