package dev.holdfast.agent.config;

import dev.holdfast.agent.config.Section.Placed;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.vrrp.engine.AddressOptions;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the virtual addresses of one instance: each a string, or an object with options. */
final class AddressReader {
    static final String FORM = "a list of ADDRESS/PREFIX, ADDRESS or { address = ADDRESS/PREFIX, ... }, each of a host";

    private static final String ADDRESS_FORM = "ADDRESS/PREFIX or ADDRESS, of a host";
    private static final String SCOPE_FORM = "global, site, link, host, nowhere, or a whole number 0..255";
    private static final String BROADCAST_FORM = "an IPv4 address, or + or - for the last or first of its subnet";
    private static final String LABEL_FORM = "1..15 characters without blanks";
    private static final String IPV4_ONLY = "IPv4 addresses alone";
    private static final Map<String, Integer> SCOPES =
            Map.of("global", 0, "site", 200, "link", 253, "host", 254, "nowhere", 255);

    /** The longest prefix of a subnet that has a broadcast address. */
    private static final int LONGEST_SUBNET = 30;

    private final Report report;
    private final String interfaceName;

    AddressReader(Report report, String interfaceName) {
        this.report = report;
        this.interfaceName = interfaceName;
    }

    List<Placed<VipAddress>> addresses(Section instance, String key) {
        return instance.list(key, FORM, AddressReader::vip, this::withOptions);
    }

    private static VipAddress vip(String text) {
        VipAddress vip = VipAddress.parse(text);
        if (!Names.isHostAddress(vip.address())) {
            throw new Section.OutOfRangeException(
                    "the address of a host: not multicast, broadcast, loopback or 0.0.0.0");
        }
        return vip;
    }

    private Optional<VipAddress> withOptions(Section section) {
        Optional<VipAddress> address = section.required("address", ADDRESS_FORM, AddressReader::vip);
        Optional<String> device = section.scalar("device", Names.INTERFACE_FORM, Names::networkInterface);
        boolean track = section.bool("track", true);
        Optional<String> label = section.scalar("label", LABEL_FORM, AddressReader::label);
        Optional<Integer> scope = section.scalar("scope", SCOPE_FORM, AddressReader::scope);
        Optional<String> broadcastText = section.scalar("broadcast", BROADCAST_FORM, AddressReader::broadcastText);
        boolean prefixRoute = section.bool("prefix-route", true);
        Optional<Boolean> deprecated = section.optionalBool("deprecated");
        section.finish();
        if (address.isEmpty()) {
            return Optional.empty();
        }
        VipAddress vip = address.get();
        if (vip.address().family() == IpFamily.IPV6) {
            Stream.of("label", "scope", "broadcast")
                    .filter(section::has)
                    .forEach(key -> report.fault(FaultReason.CONFLICT, section.path(key), "", IPV4_ONLY));
            return Optional.of(vip.with(new AddressOptions(
                    device.filter(this::isOther),
                    track,
                    Optional.empty(),
                    AddressOptions.GLOBAL,
                    Optional.empty(),
                    prefixRoute,
                    deprecated)));
        }
        return Optional.of(vip.with(new AddressOptions(
                device.filter(this::isOther),
                track,
                label,
                scope.orElse(AddressOptions.GLOBAL),
                broadcastText.flatMap(text -> broadcast(section.path("broadcast"), vip, text)),
                prefixRoute,
                deprecated)));
    }

    private boolean isOther(String device) {
        return !device.equals(interfaceName);
    }

    private static String label(String text) {
        if (!text.matches("[^\\s\\p{Cntrl}\"'\\\\{}]{1,15}")) {
            throw new IllegalArgumentException(LABEL_FORM);
        }
        return text;
    }

    private static int scope(String text) {
        Integer named = SCOPES.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > 255) {
            throw new IllegalArgumentException(SCOPE_FORM);
        }
        return Integer.parseInt(text);
    }

    private static String broadcastText(String text) {
        if (!text.equals("+") && !text.equals("-") && IpAddress.parse(text).family() != IpFamily.IPV4) {
            throw new IllegalArgumentException(BROADCAST_FORM);
        }
        return text;
    }

    private Optional<IpAddress> broadcast(String key, VipAddress vip, String text) {
        if (!text.equals("+") && !text.equals("-")) {
            return Optional.of(IpAddress.parse(text));
        }
        if (vip.prefixLength() > LONGEST_SUBNET) {
            report.fault(FaultReason.CONFLICT, key, text, "a subnet, that is a prefix of at most /" + LONGEST_SUBNET);
            return Optional.empty();
        }
        long host = (1L << (Integer.SIZE - vip.prefixLength())) - 1;
        long low = vip.address().low();
        return Optional.of(new IpAddress(IpFamily.IPV4, 0, text.equals("+") ? low | host : low & ~host));
    }
}
