package dev.holdfast.agent.config;

import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.managers.ManagersConfig;

/**
 * Everything the agent is configured with.
 *
 * @param node this host's name among the agents; default: the host name
 * @param http the read-only HTTP interface
 * @param vrrp the virtual routers and the scripts they track
 * @param swarm the watch over Docker Swarm
 * @param managers what is done for its managers
 * @param peers the channel between the agents
 */
public record HoldfastConfig(
        String node, HttpConfig http, VrrpConfig vrrp, SwarmConfig swarm, ManagersConfig managers, PeersConfig peers) {}
