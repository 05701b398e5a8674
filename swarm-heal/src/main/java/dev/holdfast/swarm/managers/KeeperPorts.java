package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.LocalAddresses;
import dev.holdfast.swarm.ManagerProbe;
import dev.holdfast.swarm.SwarmAdministration;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.Peers;
import java.util.function.Supplier;

/**
 * The world around the keepers.
 *
 * @param administration the engine's calls
 * @param peers the other agents
 * @param lineage how new this node's copy of the cluster is
 * @param managers whether a manager can be reached from here
 * @param addresses this host's addresses
 * @param clock time, on {@link System#nanoTime()} where there are other agents
 */
public record KeeperPorts(
        SwarmAdministration administration,
        Peers peers,
        Supplier<Lineage> lineage,
        ManagerProbe managers,
        LocalAddresses addresses,
        HealClock clock) {}
