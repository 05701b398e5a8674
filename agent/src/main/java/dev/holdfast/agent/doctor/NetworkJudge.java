package dev.holdfast.agent.doctor;

import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Holds an instance against the interfaces and against what was heard on the wire. */
final class NetworkJudge {
    private static final int LARGEST_ID = 255;

    private NetworkJudge() {}

    /**
     * What is wrong with the instance's interface.
     *
     * @param virtual the virtual addresses of all instances, which are no host's own
     */
    static List<Finding> card(InstanceSpec spec, List<NetworkCard> cards, Set<IpAddress> virtual) {
        String name = spec.interfaceName();
        Optional<NetworkCard> found =
                cards.stream().filter(card -> card.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            String others = cards.stream().map(NetworkCard::name).collect(Collectors.joining(", "));
            return List.of(new Finding(
                    Complaint.INTERFACE_MISSING,
                    name,
                    spec.name() + ": this host has no interface " + name + "; it has " + others,
                    "ip link show   # then set the key interface of " + spec.name()));
        }
        NetworkCard card = found.get();
        if (!card.up()) {
            return List.of(new Finding(
                    Complaint.INTERFACE_DOWN,
                    name,
                    spec.name() + ": the interface " + name + " is down",
                    "ip link set " + name + " up"));
        }
        if (!card.carrier()) {
            return List.of(new Finding(
                    Complaint.NO_CARRIER,
                    name,
                    spec.name() + ": the interface " + name + " has no link; look at cable and switch",
                    "ip link show " + name));
        }
        List<Finding> findings = new ArrayList<>();
        for (VipAddress vip : spec.addresses()) {
            if (spec.deviceOf(vip).equals(name)) {
                prefix(spec, vip, card, virtual).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> prefix(
            InstanceSpec spec, VipAddress vip, NetworkCard card, Set<IpAddress> virtual) {
        List<VipAddress> around = card.addresses().stream()
                .filter(address -> !virtual.contains(address.address()))
                .filter(address -> address.networkContains(vip.address()))
                .toList();
        if (around.isEmpty()) {
            return vip.address().isLinkLocal()
                    ? Optional.empty()
                    : Optional.of(new Finding(
                            Complaint.NO_ADDRESS_IN_PREFIX,
                            spec.name(),
                            spec.name() + ": " + card.name() + " has no address of its own in the network of " + vip,
                            "ip address add ADDRESS/" + vip.prefixLength() + " dev " + card.name()));
        }
        boolean fits = vip.prefixLength() == vip.address().family().addressBytes() * 8
                || around.stream().anyMatch(address -> address.prefixLength() == vip.prefixLength());
        if (fits) {
            return Optional.empty();
        }
        VipAddress own = around.getFirst();
        return Optional.of(new Finding(
                Complaint.PREFIX_MISMATCH,
                spec.name(),
                spec.name() + ": the virtual address is " + vip + ", and " + card.name() + " has " + own
                        + ", of another prefix length",
                "editor CONFIGURATION   # write " + vip.address() + "/" + own.prefixLength()
                        + ", then systemctl reload holdfast"));
    }

    /** Whether others use the instance's id for other addresses, or two hosts are MASTER of it. */
    static List<Finding> wire(InstanceSpec spec, Collection<Overheard> heard, Setting setting) {
        int id = spec.virtualRouterId();
        Set<IpAddress> own = spec.addresses().stream().map(VipAddress::address).collect(Collectors.toUnmodifiableSet());
        List<Finding> findings = new ArrayList<>();
        Set<IpAddress> strangers = new TreeSet<>();
        Set<IpAddress> theirs = new TreeSet<>();
        Set<IpAddress> masters = new TreeSet<>();
        for (Overheard advert : heard) {
            if (advert.virtualRouterId() != id || advert.source().family() != spec.family()) {
                continue;
            }
            if (advert.addresses().stream().noneMatch(own::contains)) {
                strangers.add(advert.source());
                theirs.addAll(advert.addresses());
            } else if (advert.priority() > 0) {
                masters.add(advert.source());
            }
        }
        if (!strangers.isEmpty()) {
            findings.add(new Finding(
                    Complaint.VRID_IN_USE,
                    spec.name(),
                    spec.name() + ": " + joined(strangers) + " uses the virtual router id " + id + " on "
                            + spec.interfaceName() + " for " + joined(theirs),
                    setting.command(spec.name(), "virtual-router-id", free(heard, id)) + "   # on all hosts"));
        }
        if (masters.size() > 1) {
            findings.add(new Finding(
                    Complaint.TWO_MASTERS,
                    spec.name(),
                    spec.name() + ": " + joined(masters)
                            + " both advertise virtual router id " + id + " on " + spec.interfaceName()
                            + "; they don't hear each other",
                    "holdfast doctor   # on each of them: look for a firewall, different passwords or a cut network"));
        }
        return findings;
    }

    private static String joined(Set<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).collect(Collectors.joining(", "));
    }

    /** The next id that was not heard, from the one that is taken on. */
    static int free(Collection<Overheard> heard, int taken) {
        Set<Integer> used = heard.stream().map(Overheard::virtualRouterId).collect(Collectors.toSet());
        int candidate = taken;
        do {
            candidate = candidate % LARGEST_ID + 1;
        } while (used.contains(candidate) && candidate != taken);
        return candidate;
    }
}
