package dev.holdfast.agent.config;

import dev.holdfast.agent.config.Section.Placed;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how adverts travel: {@code multicast} and {@code unicast}. */
final class TransportReader {
    private static final String SOURCE_FORM =
            "an address of this host, of the family of the virtual ones and none of them";
    private static final String PEER_FORM = "a list of the other routers' addresses, of the family of the virtual ones,"
            + " or of { address = ADDRESS, min-ttl = 0..255, max-ttl = 0..255 }";
    private static final String GROUP_FORM =
            "a multicast group: 224.0.0.0/4, or ff02::/16 and other groups of the link (ffX2::/16)";
    private static final int MAX_HOP_LIMIT = 255;

    private final Report report;
    private final Map<IpFamily, IpAddress> groups = new HashMap<>();

    TransportReader(Report report) {
        this.report = report;
    }

    /** Reads the groups that instances use which name none: {@code multicast} of {@code vrrp}. */
    void general(Section vrrp) {
        Section section = vrrp.section("multicast");
        section.scalar("ipv4", GROUP_FORM, text -> group(text, IpFamily.IPV4))
                .ifPresent(group -> groups.put(IpFamily.IPV4, group));
        section.scalar("ipv6", GROUP_FORM, text -> group(text, IpFamily.IPV6))
                .ifPresent(group -> groups.put(IpFamily.IPV6, group));
        section.finish();
    }

    /**
     * Reads an instance's.
     *
     * @param virtual all its virtual addresses
     */
    Transport read(Section instance, IpFamily family, Set<IpAddress> virtual) {
        boolean unicast = instance.has("unicast");
        Section multicastKeys = instance.section("multicast");
        Section unicastKeys = instance.section("unicast");
        Transport multicast = multicast(multicastKeys, family, virtual);
        if (!unicast) {
            return multicast;
        }
        if (instance.has("multicast")) {
            report.fault(FaultReason.CONFLICT, multicastKeys.path(), "{...}", "either unicast or multicast, not both");
        }
        return unicast(unicastKeys, family, virtual);
    }

    private Transport multicast(Section keys, IpFamily family, Set<IpAddress> virtual) {
        Optional<IpAddress> source = source(keys, family, virtual);
        Optional<IpAddress> group = keys.scalar("group", GROUP_FORM, text -> group(text, family));
        keys.finish();
        return new Transport.Multicast(source, group.or(() -> Optional.ofNullable(groups.get(family))));
    }

    private Transport unicast(Section keys, IpFamily family, Set<IpAddress> virtual) {
        Optional<IpAddress> source = source(keys, family, virtual);
        List<Placed<Transport.Peer>> peers =
                keys.list("peers", PEER_FORM, text -> new Transport.Peer(hostAddress(text)), this::peerWithLimits);
        int hopLimit = keys.integer("ttl", 1, MAX_HOP_LIMIT, AdvertisementCodec.HOP_LIMIT);
        keys.finish();
        Set<IpAddress> seen = new HashSet<>();
        for (Placed<Transport.Peer> placed : peers) {
            IpAddress peer = placed.value().address();
            if (peer.family() != family
                    || virtual.contains(peer)
                    || source.filter(peer::equals).isPresent()) {
                report.fault(FaultReason.CONFLICT, placed.path(), peer.toString(), PEER_FORM);
            } else if (!seen.add(peer)) {
                report.fault(FaultReason.DUPLICATE, placed.path(), peer.toString(), "each peer once");
            }
        }
        if (!keys.has("peers") || keys.isEmptyList("peers")) {
            report.warn(
                    WarningReason.NO_PEERS,
                    keys.path("peers"),
                    "unicast without peers: the instance stays unicast, hears nobody and becomes MASTER");
        }
        return new Transport.Unicast(source, Placed.values(peers), hopLimit);
    }

    private Optional<Transport.Peer> peerWithLimits(Section keys) {
        Optional<IpAddress> address = keys.required("address", "the address of a host", TransportReader::hostAddress);
        boolean ranged = keys.has("min-ttl") || keys.has("max-ttl");
        int min = keys.integer("min-ttl", 0, MAX_HOP_LIMIT, ranged ? 0 : MAX_HOP_LIMIT);
        int max = keys.integer("max-ttl", 0, MAX_HOP_LIMIT, MAX_HOP_LIMIT);
        keys.finish();
        if (min > max) {
            report.fault(
                    FaultReason.CONFLICT,
                    keys.path("max-ttl"),
                    Integer.toString(max),
                    "not less than min-ttl, which is " + min);
            return Optional.empty();
        }
        return address.map(found -> new Transport.Peer(found, min, max));
    }

    private Optional<IpAddress> source(Section keys, IpFamily family, Set<IpAddress> virtual) {
        Optional<IpAddress> source = keys.scalar("source", SOURCE_FORM, TransportReader::hostAddress);
        source.filter(address -> address.family() != family || virtual.contains(address))
                .ifPresent(address ->
                        report.fault(FaultReason.CONFLICT, keys.path("source"), address.toString(), SOURCE_FORM));
        return source;
    }

    private static IpAddress group(String text, IpFamily family) {
        IpAddress group = IpAddress.parse(text);
        // Only a group of the link has the hop limit 255 mean anything (RFC 9568 section 5.1.2.2).
        boolean ofLink = family == IpFamily.IPV4 || (group.high() >>> 48 & 0xF) == 2;
        if (group.family() != family || !group.isMulticast() || !ofLink) {
            throw new Section.OutOfRangeException(GROUP_FORM + ", of the family of the virtual addresses");
        }
        return group;
    }

    private static IpAddress hostAddress(String text) {
        IpAddress address = IpAddress.parse(text);
        if (!Names.isHostAddress(address)) {
            throw new Section.OutOfRangeException("the address of a host");
        }
        return address;
    }
}
