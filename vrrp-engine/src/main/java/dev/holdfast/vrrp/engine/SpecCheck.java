package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds all that is wrong with a list of specs before any of it is carried out. */
final class SpecCheck {
    private record Identity(String interfaceName, IpFamily family, int virtualRouterId) {}

    private SpecCheck() {}

    /** @throws IllegalArgumentException with everything that is wrong, one fault a line */
    static void check(EngineSpec all) {
        List<InstanceSpec> specs = all.instances();
        List<String> wrong = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Identity> identities = new HashSet<>();
        Set<String> links = new HashSet<>();
        specs.forEach(spec -> links.add(spec.interfaceName()));
        for (InstanceSpec spec : specs) {
            if (!names.add(spec.name())) {
                wrong.add(spec.name() + ": the name is used twice");
            }
            if (!identities.add(new Identity(spec.interfaceName(), spec.family(), spec.virtualRouterId()))) {
                wrong.add(spec.name() + ": virtual router id " + spec.virtualRouterId() + " is used twice on "
                        + spec.interfaceName());
            }
            spec.virtualMac().ifPresent(mac -> checkVirtualMac(spec, mac, links, wrong));
            checkOne(spec, wrong);
        }
        checkGroups(all.groups(), names, wrong);
        if (all.startupDelay().isNegative()) {
            wrong.add("the start-up delay must not be negative");
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    private static void checkGroups(List<GroupSpec> groups, Set<String> instances, List<String> wrong) {
        Set<String> names = new HashSet<>();
        Set<String> grouped = new HashSet<>();
        for (GroupSpec group : groups) {
            String label = "group " + group.name() + ": ";
            if (!names.add(group.name())) {
                wrong.add(label + "the name is used twice");
            }
            if (group.members().isEmpty()) {
                wrong.add(label + "it needs at least one member");
            }
            for (String member : group.members()) {
                if (!instances.contains(member)) {
                    wrong.add(label + "there is no instance " + member);
                } else if (!grouped.add(member)) {
                    wrong.add(label + member + " is a member twice, or of two groups");
                }
            }
        }
    }

    private static void checkVirtualMac(InstanceSpec spec, VirtualMac mac, Set<String> links, List<String> wrong) {
        String name = mac.interfaceName();
        if (name.isEmpty() || name.length() > VirtualMac.MAX_NAME) {
            wrong.add(spec.name() + ": the name of a virtual MAC's interface must have 1..15 characters, not " + name);
        }
        if (!links.add(name)) {
            wrong.add(spec.name() + ": " + name + " is already the name of another interface");
        }
        if (!VirtualMac.isStation(mac.address())) {
            wrong.add(spec.name() + ": " + mac.addressText() + " is not the MAC address of a station");
        }
        if (spec.transport() instanceof Transport.Unicast && mac.transmit() == VirtualMac.Transmit.VIRTUAL) {
            wrong.add(spec.name() + ": unicast adverts can't be sent with the virtual MAC");
        }
    }

    private static void checkOne(InstanceSpec spec, List<String> wrong) {
        try {
            Instance.settings(spec, null);
            AdvertSender.advertisement(spec, spec.priority());
        } catch (IllegalArgumentException e) {
            wrong.add(spec.name() + ": " + e.getMessage());
        }
        if (spec.vipLifetime().isNegative() || spec.vipLifetime().toNanosPart() != 0) {
            wrong.add(spec.name() + ": the lifetime of its addresses must be whole seconds, not " + spec.vipLifetime());
        }
        if (spec.hmac().isPresent() && !(spec.authentication() instanceof Authentication.None)) {
            wrong.add(spec.name() + ": either an HMAC or a password of version 2, not both");
        }
        boolean mixed = spec.addresses().stream().anyMatch(vip -> vip.address().family() != spec.family())
                || spec.transport()
                        .source()
                        .filter(a -> a.family() != spec.family())
                        .isPresent()
                || (spec.transport() instanceof Transport.Unicast unicast
                        && unicast.peers().stream()
                                .anyMatch(peer -> peer.address().family() != spec.family()));
        if (spec.transport() instanceof Transport.Multicast multicast) {
            IpAddress group = multicast.group(spec.family());
            if (group.family() != spec.family() || !group.isMulticast()) {
                wrong.add(spec.name() + ": " + group + " is not a multicast group of the instance's family");
            }
        }
        if (spec.transport() instanceof Transport.Unicast unicast
                && (unicast.hopLimit() < 1 || unicast.hopLimit() > 255)) {
            wrong.add(spec.name() + ": the TTL must be 1..255, not " + unicast.hopLimit());
        }
        if (mixed) {
            wrong.add(spec.name() + ": addresses, source and peers must be of the instance's family; only excluded "
                    + "addresses may be of the other");
        }
    }
}
