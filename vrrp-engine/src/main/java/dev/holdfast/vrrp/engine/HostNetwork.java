package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What links and addresses this host has, kept up to date by the kernel's messages. Does no I/O. Looking an address up by
 * its numbers allocates nothing, because it happens for each datagram.
 */
final class HostNetwork {
    private static final int REMEMBERED = 1024;

    private final Map<Integer, Link> links = new HashMap<>();

    /** Who removed an address last, by netlink port. */
    private final Map<IpAddress, Integer> removers = new HashMap<>();

    /** In the kernel's order, in which the first address of an interface is its primary one. */
    private final List<HostAddress> addresses = new ArrayList<>();

    /** Forgets everything, before a dump. */
    void clear() {
        links.clear();
        addresses.clear();
    }

    /**
     * Takes in what the kernel says.
     *
     * @return whether something is different now
     */
    boolean accept(RouteMessage message) {
        return switch (message) {
            case RouteMessage.LinkIs(Link link) -> !link.equals(links.put(link.index(), link));
            case RouteMessage.LinkGone(int ifindex) -> {
                boolean hadAddresses = addresses.removeIf(a -> a.ifindex() == ifindex);
                yield links.remove(ifindex) != null || hadAddresses;
            }
            case RouteMessage.AddressIs(HostAddress address) -> put(address);
            case RouteMessage.AddressGone(HostAddress address, int port) -> {
                if (removers.size() >= REMEMBERED) {
                    removers.clear();
                }
                removers.put(address.address(), port);
                yield addresses.removeIf(address::sameEntry);
            }
            case RouteMessage.OursIs _, RouteMessage.Answer _, RouteMessage.Done _ -> false;
        };
    }

    private boolean put(HostAddress address) {
        for (int i = 0; i < addresses.size(); i++) {
            if (addresses.get(i).sameEntry(address)) {
                return !address.equals(addresses.set(i, address));
            }
        }
        addresses.add(address);
        return true;
    }

    /** The link of that name, or null. */
    @Nullable
    Link link(String name) {
        for (Link link : links.values()) {
            if (link.name().equals(name)) {
                return link;
            }
        }
        return null;
    }

    /** Every link by its name. */
    Map<String, LinkState> linkStates() {
        Map<String, LinkState> states = new HashMap<>();
        links.values().forEach(link -> states.put(link.name(), LinkState.of(link)));
        return states;
    }

    /** All links. */
    List<Link> links() {
        return List.copyOf(links.values());
    }

    /** The link below a macvlan; 0 if it is none. */
    int linkBelow(int ifindex) {
        Link link = links.get(ifindex);
        return link == null || link.macvlan() == null ? 0 : link.macvlan().base();
    }

    /** Whether a link of this host has that Ethernet address as its own, and not as a virtual one that others have too. */
    boolean hasMac(long mac) {
        for (Link link : links.values()) {
            if (link.mac() == mac && !isVirtualMac(link)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an interface was made for a virtual MAC, so that it has no addresses but virtual ones. */
    boolean isVirtualMac(int ifindex) {
        Link link = links.get(ifindex);
        return link != null && isVirtualMac(link);
    }

    private static boolean isVirtualMac(Link link) {
        return link.macvlan() != null && LinkMark.parse(link.macvlan().alias()).isPresent();
    }

    /** The netlink port that removed the address last; 0 if that is not known. */
    int removerOf(IpAddress address) {
        return removers.getOrDefault(address, 0);
    }

    /** The addresses of one family on an interface, in the kernel's order. */
    List<HostAddress> addresses(int ifindex, IpFamily family) {
        List<HostAddress> found = new ArrayList<>();
        for (HostAddress address : addresses) {
            if (address.ifindex() == ifindex && address.address().family() == family) {
                found.add(address);
            }
        }
        return found;
    }

    /** How many addresses there are, for {@link #entry}. */
    int size() {
        return addresses.size();
    }

    /** One of the addresses, without a list around it. */
    HostAddress entry(int index) {
        return addresses.get(index);
    }

    /** The entries with that address on an interface: none, one, or several that differ in the prefix length. */
    List<HostAddress> find(int ifindex, IpAddress address) {
        List<HostAddress> found = new ArrayList<>();
        for (HostAddress entry : addresses) {
            if (entry.ifindex() == ifindex && entry.address().equals(address)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** Whether an interface has the address, with whatever prefix. */
    boolean has(int ifindex, IpAddress address) {
        for (int i = 0; i < addresses.size(); i++) {
            HostAddress entry = addresses.get(i);
            if (entry.ifindex() == ifindex && entry.address().equals(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any interface of this host has the address; the numbers as in {@link IpAddress}. */
    boolean isLocal(IpFamily family, long high, long low) {
        for (int i = 0; i < addresses.size(); i++) {
            IpAddress address = addresses.get(i).address();
            if (address.low() == low && address.high() == high && address.family() == family) {
                return true;
            }
        }
        return false;
    }
}
