package dev.holdfast.agent.init;

import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is proposed where nobody says. Pure. */
public final class Proposals {
    private static final int USUAL_ID = 51;
    private static final int LARGEST_ID = 255;
    private static final int HIGHEST_PRIORITY = 100;
    private static final int STEP = 10;
    /** 1..254 can be given away; 255 is an owner's. */
    private static final int LARGEST_PRIORITY = 254;

    private Proposals() {}

    /** The interface whose network has the address; otherwise that of the default route, or the only one that is up. */
    public static Optional<NetworkCard> card(IpAddress vip, Surroundings host) {
        List<NetworkCard> usable = host.cards().stream()
                .filter(card -> card.up()
                        && !card.name().equals("lo")
                        && !card.addresses().isEmpty())
                .toList();
        return usable.stream()
                .filter(card -> card.addresses().stream().anyMatch(own -> own.networkContains(vip)))
                .findFirst()
                .or(() -> host.route()
                        .flatMap(route -> usable.stream()
                                .filter(card -> card.name().equals(route.interfaceName()))
                                .findFirst()))
                .or(() -> usable.size() == 1 ? Optional.of(usable.getFirst()) : Optional.empty());
    }

    /**
     * The virtual address with its prefix length: the one that is said, or that of the interface's own address in the same network.
     *
     * @param text {@code ADDRESS} or {@code ADDRESS/PREFIX}
     * @throws IllegalArgumentException if it is neither, or no virtual one, or has to be said with a prefix; for people
     */
    public static VipAddress vip(String text, NetworkCard card, Surroundings host) {
        VipAddress parsed = VipAddress.parse(text);
        IpAddress address = parsed.address();
        if (address.isMulticast()) {
            throw new IllegalArgumentException(address + " is a multicast address");
        }
        for (NetworkCard each : host.cards()) {
            if (each.addresses().stream().anyMatch(own -> own.address().equals(address))) {
                throw new IllegalArgumentException(address + " is on " + each.name()
                        + " already; a virtual address is one that no host has as its own");
            }
        }
        if (text.indexOf('/') >= 0) {
            return parsed;
        }
        return card.addresses().stream()
                .filter(own -> own.networkContains(address))
                .findFirst()
                .map(own -> new VipAddress(address, own.prefixLength()))
                .orElseThrow(() -> new IllegalArgumentException(card.name() + " has no address in the network of "
                        + address + "; write it with its prefix, as in " + address
                        + (address.family() == IpFamily.IPV4 ? "/24" : "/64")));
    }

    /** A virtual router id that was not heard. */
    public static int virtualRouterId(Collection<Overheard> heard) {
        Set<Integer> used = heard.stream().map(Overheard::virtualRouterId).collect(Collectors.toSet());
        int candidate = USUAL_ID;
        while (used.contains(candidate) && used.size() < LARGEST_ID) {
            candidate = candidate % LARGEST_ID + 1;
        }
        return candidate;
    }

    /**
     * A priority for each node, all different.
     *
     * @param nodes each {@code NAME} or {@code NAME=PRIORITY}, the most wanted first
     * @throws IllegalArgumentException if a name or a priority is given twice, or a priority is not in 1..254; for people
     */
    public static Map<String, Integer> priorities(List<String> nodes) {
        Map<String, Integer> priorities = new LinkedHashMap<>();
        int step = Math.clamp(HIGHEST_PRIORITY / Math.max(1, nodes.size()), 1, STEP);
        int next = Math.max(HIGHEST_PRIORITY, nodes.size());
        for (String node : nodes) {
            int equals = node.indexOf('=');
            String name = (equals < 0 ? node : node.substring(0, equals)).strip();
            int priority =
                    equals < 0 ? next : priority(node.substring(equals + 1).strip());
            if (name.isEmpty()) {
                throw new IllegalArgumentException("\"" + node + "\" is not NAME or NAME=PRIORITY");
            }
            if (priorities.containsKey(name)) {
                throw new IllegalArgumentException(name + " is named twice");
            }
            if (priorities.containsValue(priority)) {
                throw new IllegalArgumentException("two nodes would have the priority " + priority);
            }
            priorities.put(name, priority);
            next = priority - step;
        }
        return priorities;
    }

    private static int priority(String text) {
        int priority = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (priority < 1 || priority > LARGEST_PRIORITY) {
            throw new IllegalArgumentException("\"" + text + "\" is not a priority of 1..254");
        }
        return priority;
    }
}
