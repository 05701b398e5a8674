package dev.holdfast.swarm;

import java.net.InetAddress;

/**
 * Where this host's packets for everywhere else go.
 *
 * @param interfaceName by which interface
 * @param gateway to whom
 */
public record DefaultRoute(String interfaceName, InetAddress gateway) {}
