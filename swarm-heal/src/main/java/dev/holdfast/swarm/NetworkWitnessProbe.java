package dev.holdfast.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks witnesses over the network: a host by ARP where the {@link NeighbourProbe} can, otherwise by ICMP echo (which needs
 * root; without, the JDK tries TCP port 7, where a refusal counts too); a service by TCP.
 */
public final class NetworkWitnessProbe implements WitnessProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final LocalAddresses addresses;
    private final NeighbourProbe neighbours;

    /** Asks from this host, whose addresses can be no witness. */
    public NetworkWitnessProbe(LocalAddresses addresses, NeighbourProbe neighbours) {
        this.addresses = addresses;
        this.neighbours = neighbours;
    }

    @Override
    public Answer ask(Witness witness) {
        return switch (witness) {
            case Witness.Gateway gateway -> {
                Optional<DefaultRoute> route = RouteTable.defaultRoute();
                yield route.isPresent()
                        ? askHost(gateway, route.get().gateway())
                        : new Answer(gateway, Outcome.ABSENT, "this host has no default gateway");
            }
            case Witness.Host host -> askHost(host, host.address());
            case Witness.Tcp tcp -> askService(tcp);
        };
    }

    private Answer askHost(Witness witness, InetAddress address) {
        String name = address.getHostAddress();
        if (isSelf(address)) {
            return new Answer(witness, Outcome.SELF, name + " is an address of this host");
        }
        if (neighbours.answers(address, TIMEOUT)) {
            return new Answer(witness, Outcome.ANSWERED, name + " answered ARP");
        }
        try {
            return address.isReachable((int) TIMEOUT.toMillis())
                    ? new Answer(witness, Outcome.ANSWERED, name + " answered ICMP")
                    : new Answer(witness, Outcome.SILENT, name + " does not answer");
        } catch (IOException e) {
            return new Answer(witness, Outcome.SILENT, name + " cannot be asked: " + e.getMessage());
        }
    }

    private Answer askService(Witness.Tcp tcp) {
        InetAddress literal = tcp.endpoint().address();
        if (literal != null && isSelf(literal)) {
            return new Answer(tcp, Outcome.SELF, tcp.endpoint() + " is on this host");
        }
        return TcpManagerProbe.accepts(tcp.endpoint(), TIMEOUT.multipliedBy(2))
                ? new Answer(tcp, Outcome.ANSWERED, tcp.endpoint() + " accepted a connection")
                : new Answer(tcp, Outcome.SILENT, tcp.endpoint() + " accepts no connection");
    }

    private boolean isSelf(InetAddress address) {
        return address.isLoopbackAddress() || addresses.current().contains(address);
    }
}
