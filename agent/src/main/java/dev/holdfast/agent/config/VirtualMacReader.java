package dev.holdfast.agent.config;

import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VirtualMac;
import dev.holdfast.vrrp.engine.VirtualMac.Transmit;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code virtual-mac}, which is {@code true}, {@code false} or a block, and gives each one a name of its own. */
final class VirtualMacReader {
    private static final String KEY = "virtual-mac";
    private static final String ADDRESS_FORM =
            "the MAC address of a station, six bytes as 02:00:00:00:00:33, the same on all hosts";

    private final Report report;
    private final Map<String, String> instances = new HashMap<>();

    VirtualMacReader(Report report) {
        this.report = report;
    }

    Optional<VirtualMac> read(
            Section section, String instance, IpFamily family, int virtualRouterId, Transport transport) {
        if (!section.holdsObject(KEY)) {
            if (!section.bool(KEY, false)) {
                return Optional.empty();
            }
            return Optional.of(new VirtualMac(
                    freeName(instance, family, virtualRouterId),
                    VirtualMac.addressOf(family, virtualRouterId),
                    usual(transport)));
        }
        Section keys = section.section(KEY);
        Optional<String> name = keys.scalar("name", Names.INTERFACE_FORM, Names::networkInterface);
        Optional<Long> address = keys.scalar("address", ADDRESS_FORM, VirtualMac::parseAddress);
        Transmit transmit = keys.choice("transmit", List.of(Transmit.values()), usual(transport));
        keys.finish();
        if (transport instanceof Transport.Unicast && transmit == Transmit.VIRTUAL) {
            report.fault(FaultReason.CONFLICT, keys.path("transmit"), "virtual", "base, for unicast adverts");
        }
        name.ifPresent(chosen -> {
            String other = instances.putIfAbsent(chosen, instance);
            if (other != null) {
                report.fault(
                        FaultReason.DUPLICATE,
                        keys.path("name"),
                        chosen,
                        "a name that no other virtual MAC has; " + other + " has it");
            }
        });
        return Optional.of(new VirtualMac(
                name.orElseGet(() -> freeName(instance, family, virtualRouterId)),
                address.orElseGet(() -> VirtualMac.addressOf(family, virtualRouterId)),
                transmit));
    }

    /** Unicast adverts go to the MAC of a peer, which is asked for from an address that is on the interface. */
    private static Transmit usual(Transport transport) {
        return transport instanceof Transport.Unicast ? Transmit.BASE : Transmit.VIRTUAL;
    }

    /** The same virtual router id may be in use on several interfaces: then with a number, as in keepalived. */
    private String freeName(String instance, IpFamily family, int virtualRouterId) {
        String name = VirtualMac.nameOf(family, virtualRouterId);
        for (int i = 1; instances.putIfAbsent(name, instance) != null; i++) {
            name = "vrrp" + (family == IpFamily.IPV6 ? "6-" : "") + i + "." + virtualRouterId;
        }
        return name;
    }
}
