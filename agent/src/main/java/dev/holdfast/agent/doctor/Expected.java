package dev.holdfast.agent.doctor;

import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The packets that a configuration needs to pass. */
final class Expected {
    private static final String VRRP = "VRRP (IP protocol 112)";

    private final List<NetworkCard> cards;
    private final List<Traffic> traffic = new ArrayList<>();

    private Expected(List<NetworkCard> cards) {
        this.cards = cards;
    }

    /** What instances send and hear, and what a Swarm does where one is watched. */
    static List<Traffic> of(List<InstanceSpec> specs, boolean swarm, List<NetworkCard> cards) {
        Expected expected = new Expected(cards);
        specs.forEach(expected::instance);
        if (swarm) {
            expected.swarm(specs);
        }
        return expected.traffic.stream().distinct().toList();
    }

    private void instance(InstanceSpec spec) {
        List<VipAddress> networks = networks(spec.interfaceName(), spec.family());
        List<VipAddress> own =
                spec.transport().source().map(source -> List.of(host(source))).orElseGet(() -> hosts(networks));
        List<VipAddress> others;
        List<VipAddress> targets;
        List<VipAddress> sentTo;
        switch (spec.transport()) {
            case Transport.Multicast multicast -> {
                others = networks;
                targets = List.of(host(multicast.group(spec.family())));
                sentTo = targets;
            }
            case Transport.Unicast unicast -> {
                others = unicast.peers().stream()
                        .map(peer -> host(peer.address()))
                        .toList();
                targets = own;
                sentTo = others;
            }
        }
        add(VRRP, spec.family(), Traffic.VRRP, 0, spec.interfaceName(), others, targets, own, sentTo);
    }

    /** Where the Swarm's nodes are is not known; most are where the other agents are. */
    private void swarm(List<InstanceSpec> specs) {
        IpFamily family = specs.stream().anyMatch(spec -> spec.family() == IpFamily.IPV4) || specs.isEmpty()
                ? IpFamily.IPV4
                : IpFamily.IPV6;
        List<String> names = specs.stream()
                .filter(spec -> spec.family() == family)
                .map(InstanceSpec::interfaceName)
                .distinct()
                .toList();
        String name = names.size() == 1 ? names.getFirst() : "";
        List<VipAddress> networks = names.size() == 1 ? networks(name, family) : List.of();
        List<VipAddress> own = hosts(networks);
        add("Swarm managers (2377/tcp)", family, Traffic.TCP, 2377, name, networks, own, own, networks);
        add("Swarm nodes (7946/tcp)", family, Traffic.TCP, 7946, name, networks, own, own, networks);
        add("Swarm nodes (7946/udp)", family, Traffic.UDP, 7946, name, networks, own, own, networks);
        add("overlay networks (4789/udp)", family, Traffic.UDP, 4789, name, networks, own, own, networks);
    }

    private void add(
            String text,
            IpFamily family,
            int protocol,
            int port,
            String name,
            List<VipAddress> others,
            List<VipAddress> targets,
            List<VipAddress> own,
            List<VipAddress> sentTo) {
        traffic.add(new Traffic(text, family, true, protocol, port, name, others, targets));
        traffic.add(new Traffic(text, family, false, protocol, port, name, own, sentTo));
    }

    /** The interface's networks; those of an IPv6 router are link-local, for so are the senders of adverts. */
    private List<VipAddress> networks(String name, IpFamily family) {
        Optional<NetworkCard> card =
                cards.stream().filter(each -> each.name().equals(name)).findFirst();
        Stream<VipAddress> addresses = card.stream()
                .flatMap(each -> each.addresses().stream())
                .filter(address -> address.address().family() == family
                        && (family == IpFamily.IPV4 || address.address().isLinkLocal()));
        int most = family.addressBytes() * 8;
        // Single addresses are virtual ones, mostly, and no network.
        return addresses.filter(address -> address.prefixLength() < most).toList();
    }

    private static List<VipAddress> hosts(List<VipAddress> networks) {
        return networks.stream().map(each -> host(each.address())).toList();
    }

    private static VipAddress host(IpAddress address) {
        return new VipAddress(address, address.family().addressBytes() * 8);
    }
}
