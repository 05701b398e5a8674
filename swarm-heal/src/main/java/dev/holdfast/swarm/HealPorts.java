package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.Peers;
import java.util.random.RandomGenerator;

/**
 * What the healer needs of the world.
 *
 * @param gateway the engine; the healer closes it
 * @param managers tries other managers
 * @param witnesses asks witnesses
 * @param addresses this host's addresses
 * @param clock time
 * @param random jitter
 * @param peers the other agents
 * @param uptime for how long this host runs
 */
public record HealPorts(
        SwarmGateway gateway,
        ManagerProbe managers,
        WitnessProbe witnesses,
        LocalAddresses addresses,
        HealClock clock,
        RandomGenerator random,
        Peers peers,
        HostUptime uptime) {

    /** A world without other agents, on a host that has long been up. */
    public HealPorts(
            SwarmGateway gateway,
            ManagerProbe managers,
            WitnessProbe witnesses,
            LocalAddresses addresses,
            HealClock clock,
            RandomGenerator random) {
        this(gateway, managers, witnesses, addresses, clock, random, Peers.NONE, HostUptime.LONG);
    }

    /** {@return the same with other agents} */
    public HealPorts withPeers(Peers others) {
        return new HealPorts(gateway, managers, witnesses, addresses, clock, random, others, uptime);
    }

    /** {@return the real world of this host, around the given engine} */
    public static HealPorts ofThisHost(SwarmGateway gateway) {
        return ofThisHost(gateway, NeighbourProbe.NONE);
    }

    /** {@return the same with a way to ask on-link hosts by ARP, which many gateways answer when they do not answer ICMP} */
    public static HealPorts ofThisHost(SwarmGateway gateway, NeighbourProbe neighbours) {
        LocalAddresses addresses = LocalAddresses.ofThisHost();
        return new HealPorts(
                gateway,
                new TcpManagerProbe(),
                new NetworkWitnessProbe(addresses, neighbours),
                addresses,
                HealClock.system(),
                RandomGenerator.getDefault(),
                Peers.NONE,
                HostUptime.ofThisHost());
    }
}
