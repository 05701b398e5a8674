package dev.holdfast.agent.doctor;

import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;

/**
 * Packets that must pass, one way: as much of them as rules can ask for.
 *
 * @param text for people
 * @param family of the addresses
 * @param inbound whether they come in; or else they leave
 * @param protocol the number of the IP protocol
 * @param port the destination port; 0 if the protocol has none
 * @param interfaceName where they come in or leave; empty if it can't be told
 * @param sources the networks they may come from; empty if nothing is known of them
 * @param destinations the networks or groups they may go to; empty if nothing is known of them
 */
record Traffic(
        String text,
        IpFamily family,
        boolean inbound,
        int protocol,
        int port,
        String interfaceName,
        List<VipAddress> sources,
        List<VipAddress> destinations) {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int VRRP = 112;

    Traffic {
        sources = List.copyOf(sources);
        destinations = List.copyOf(destinations);
    }

    /** Whether they go to a group. */
    boolean multicast() {
        return !destinations.isEmpty()
                && destinations.stream().allMatch(each -> each.address().isMulticast());
    }

    /** In the words of nft. */
    String nft() {
        return port == 0 ? "meta l4proto " + protocol : protocolName() + " dport " + port;
    }

    /** In the words of iptables. */
    String iptables() {
        return port == 0 ? "-p " + protocol : "-p " + protocolName() + " --dport " + port;
    }

    /** In the words of firewall-cmd. */
    String firewalld() {
        return port == 0 ? "--add-protocol=vrrp" : "--add-port=" + port + "/" + protocolName();
    }

    private String protocolName() {
        return protocol == TCP ? "tcp" : "udp";
    }

    /** The number of a protocol by its number or name; -1 if it is another one. */
    static int protocol(String name) {
        return switch (name) {
            case "tcp", "6" -> TCP;
            case "udp", "17" -> UDP;
            case "vrrp", "112" -> VRRP;
            default -> -1;
        };
    }
}
