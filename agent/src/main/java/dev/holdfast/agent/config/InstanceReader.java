package dev.holdfast.agent.config;

import dev.holdfast.agent.config.Section.Placed;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Suggestions;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.agent.config.text.Durations;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.Routing;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.engine.VirtualMac;
import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the virtual routers, and holds them against each other. */
final class InstanceReader {
    // What fits one datagram of 1500 bytes behind its headers: the count is one byte, and IPv6 addresses fill it
    // sooner.
    private static final int MAX_IPV4_ADDRESSES = 255;
    private static final int MAX_IPV6_ADDRESSES = 90;
    private static final Duration LONGEST_STARTUP_DELAY = Duration.ofHours(1);
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(1);
    private static final String LIFETIME_FORM = "auto, off, or whole seconds 1s..1h";

    private final Report report;
    private final PriorityReader priorities;
    private final AuthenticationReader authentication;
    private final List<TrackerConfig> trackers;
    private final Set<TrackerConfig> used = new HashSet<>();
    private final Map<IpAddress, String> virtualAddresses = new LinkedHashMap<>();
    private final Map<Router, String> routers = new HashMap<>();
    private final TransportReader transports;
    private final ConductReader conducts;
    private boolean notifyPriorityChanges;
    private final VirtualMacReader virtualMacs;
    private Announcements announcements = Announcements.DEFAULT;

    /** What no two instances may share (RFC 9568 section 5.2.3). */
    private record Router(String interfaceName, int virtualRouterId, IpFamily family) {}

    /** @param node what this node is called, for {@code priorities} */
    InstanceReader(Report report, String node, List<TrackerConfig> trackers, AuthenticationReader authentication) {
        this.report = report;
        this.priorities = new PriorityReader(report, node);
        this.authentication = authentication;
        this.trackers = trackers;
        this.transports = new TransportReader(report);
        this.conducts = new ConductReader(report);
        this.virtualMacs = new VirtualMacReader(report);
    }

    /** Reads everything of {@code vrrp} but the trackers. */
    VrrpConfig instances(Section vrrp) {
        int general = vrrp.integer("version", 2, 3, 2);
        boolean realTime = vrrp.bool("real-time", true);
        notifyPriorityChanges = vrrp.bool("notify-priority-changes", false);
        transports.general(vrrp);
        conducts.general(vrrp);
        AnnounceReader.General announce = AnnounceReader.general(vrrp.section("announce"));
        announcements = announce.announcements();
        List<InstanceConfig> instances = new ArrayList<>();
        for (Section.Named named : vrrp.named("instances")) {
            Names.check(report, named.section().path(), named.name());
            instances.add(instance(named.name(), named.section(), general));
        }
        List<GroupConfig> groups = new GroupReader(report, instances).groups(vrrp, this::track, InstanceReader::hooks);
        Duration startupDelay = vrrp.duration("startup-delay", Duration.ZERO, LONGEST_STARTUP_DELAY, Duration.ZERO);
        for (TrackerConfig tracker : trackers) {
            if (!used.contains(tracker)) {
                String kind = tracker.kind().label();
                report.warn(
                        tracker.kind() == TrackerKind.SCRIPT
                                ? WarningReason.UNUSED_SCRIPT
                                : WarningReason.UNUSED_TRACKER,
                        vrrp.path(tracker.kind().key()) + "." + Section.keyOf(tracker.name()),
                        "no instance tracks this " + kind + ", so it is never "
                                + (tracker.kind() == TrackerKind.SCRIPT ? "run" : "looked at"));
            }
        }
        Section notify = vrrp.section("notify");
        Optional<Path> fifo = notify.scalar("fifo", "the absolute path of a FIFO", TrackerReader::path);
        notify.finish();
        return new VrrpConfig(instances, trackers, groups, startupDelay, fifo, realTime, announce.perSecond());
    }

    /** The addresses of all instances read so far. */
    Set<IpAddress> virtualAddresses() {
        return virtualAddresses.keySet();
    }

    private InstanceConfig instance(String name, Section section, int generalVersion) {
        String interfaceName = section.required("interface", Names.INTERFACE_FORM, Names::networkInterface)
                .orElse("");
        section.requirePresent("virtual-router-id", "a whole number 1..255");
        int virtualRouterId = section.integer("virtual-router-id", 1, 255, 0);
        int priority = priorities.read(section);

        section.requirePresent("addresses", AddressReader.FORM);
        AddressReader reader = new AddressReader(report, interfaceName);
        List<Placed<VipAddress>> addresses = reader.addresses(section, "addresses");
        List<Placed<VipAddress>> excluded = reader.addresses(section, "excluded-addresses");
        IpFamily family = addresses.isEmpty()
                ? IpFamily.IPV4
                : addresses.getFirst().value().address().family();
        VrrpVersion version = version(section, generalVersion, family);
        checkAddresses(section, addresses, excluded, family, version);

        Duration advertInterval = advertInterval(section, version);
        VrrpState initialState =
                section.choice("initial-state", List.of(VrrpState.BACKUP, VrrpState.MASTER), VrrpState.BACKUP);
        boolean preempt = section.bool("preempt", true);
        if (!preempt && initialState == VrrpState.MASTER) {
            report.warn(
                    WarningReason.MASTER_WITHOUT_PREEMPT,
                    section.path("initial-state"),
                    "with preempt = false an instance can't start as master, for that would be preempting; it starts as backup");
            initialState = VrrpState.BACKUP;
        }
        Duration preemptDelay =
                section.duration("preempt-delay", Duration.ZERO, Duration.ofSeconds(1000), Duration.ZERO);
        Duration vipLifetime =
                vipLifetime(section, InstanceSpec.automaticVipLifetime(version, priority, advertInterval));
        Routing routing = RoutingReader.read(section);
        boolean promoteSecondaries = section.bool("promote-secondaries", false);
        Transport transport = transports.read(section, family, virtual(addresses, excluded));
        ConductReader.Conduct conduct = conducts.read(section);
        AuthenticationReader.Proof proof =
                authentication.read(section.secretSection("authentication"), version, advertInterval);
        if (conduct.checks().strict()) {
            conducts.checkStrict(
                    section,
                    Placed.values(addresses),
                    priority,
                    initialState,
                    preemptDelay,
                    transport,
                    proof.password());
        }
        Optional<VirtualMac> virtualMac = virtualMacs.read(section, name, family, virtualRouterId, transport);
        Announcements announce = AnnounceReader.ofInstance(section.section("announce"), announcements);
        TrackConfig track = track(section.section("track"));
        NotifyConfig hooks = hooks(section.section("notify"))
                .withPriorityChanges(section.bool("notify-priority-changes", notifyPriorityChanges));
        section.finish();

        if (!interfaceName.isEmpty() && virtualRouterId > 0) {
            String other = routers.putIfAbsent(new Router(interfaceName, virtualRouterId, family), name);
            if (other != null) {
                report.fault(
                        FaultReason.DUPLICATE,
                        section.path("virtual-router-id"),
                        Integer.toString(virtualRouterId),
                        "one that no other instance of this family has on " + interfaceName + "; " + other + " has it");
            }
        }
        InstanceSpec.Builder spec = InstanceSpec.builder(name, interfaceName, virtualRouterId)
                .version(version)
                .family(family)
                .priority(priority)
                .advertInterval(advertInterval)
                .initialState(initialState)
                .preempt(preempt)
                .preemptDelay(preemptDelay)
                .addresses(Placed.values(addresses))
                .excludedAddresses(Placed.values(excluded))
                .transport(transport)
                .rivals(conduct.rivals())
                .receiveChecks(conduct.checks())
                .authentication(proof.password())
                .hmac(proof.hmac())
                .routing(routing)
                .promoteSecondaries(promoteSecondaries)
                .vipLifetime(vipLifetime)
                .announcements(announce);
        virtualMac.ifPresent(spec::virtualMac);
        return new InstanceConfig(spec.build(), track, hooks);
    }

    private VrrpVersion version(Section section, int general, IpFamily family) {
        int fallback = family == IpFamily.IPV6 ? 3 : general;
        int version = section.integer("version", 2, 3, fallback);
        if (version == 2 && family == IpFamily.IPV6) {
            report.fault(FaultReason.CONFLICT, section.path("version"), "2", "3, for IPv6 addresses need VRRPv3");
            return VrrpVersion.V3;
        }
        return version == 2 ? VrrpVersion.V2 : VrrpVersion.V3;
    }

    private static Set<IpAddress> virtual(List<Placed<VipAddress>> addresses, List<Placed<VipAddress>> excluded) {
        Set<IpAddress> virtual = new HashSet<>();
        addresses.forEach(vip -> virtual.add(vip.value().address()));
        excluded.forEach(vip -> virtual.add(vip.value().address()));
        return virtual;
    }

    private void checkAddresses(
            Section section,
            List<Placed<VipAddress>> addresses,
            List<Placed<VipAddress>> excluded,
            IpFamily family,
            VrrpVersion version) {
        String key = section.path("addresses");
        for (Placed<VipAddress> vip : addresses) {
            if (vip.value().address().family() != family) {
                report.fault(
                        FaultReason.CONFLICT,
                        vip.path(),
                        vip.value().toString(),
                        "addresses of one family; others belong in excluded-addresses or in an instance of their own");
            }
        }
        int max = family == IpFamily.IPV4 ? MAX_IPV4_ADDRESSES : MAX_IPV6_ADDRESSES;
        if (addresses.size() > max) {
            report.fault(
                    FaultReason.OUT_OF_RANGE,
                    key,
                    addresses.size() + " addresses",
                    "1.." + max + "; others belong in excluded-addresses");
        }
        // keepalived sends VRRPv2 adverts without any address when all of them are excluded.
        boolean empty = section.isEmptyList("addresses");
        if (empty && (excluded.isEmpty() || version == VrrpVersion.V3)) {
            report.fault(
                    FaultReason.OUT_OF_RANGE,
                    key,
                    "[]",
                    "at least one address (none only in version 2, and with excluded-addresses)");
        }
        addresses.forEach(vip -> claim(vip, section));
        excluded.forEach(vip -> claim(vip, section));
    }

    private void claim(Placed<VipAddress> vip, Section section) {
        String other = virtualAddresses.putIfAbsent(vip.value().address(), section.path());
        if (other != null) {
            report.fault(
                    FaultReason.DUPLICATE,
                    vip.path(),
                    vip.value().toString(),
                    "each address once; " + (other.equals(section.path()) ? "this instance" : other)
                            + " has it already");
        }
    }

    private static Duration advertInterval(Section section, VrrpVersion version) {
        Duration second = Duration.ofSeconds(1);
        Duration centisecond = Duration.ofMillis(10);
        return switch (version) {
            case V2 ->
                section.duration(
                        "advert-interval",
                        second,
                        Duration.ofSeconds(255),
                        second,
                        second,
                        " (version 2: whole seconds)");
            case V3 ->
                section.duration(
                        "advert-interval", centisecond, Duration.ofMillis(40_950), centisecond, second, " (version 3)");
        };
    }

    private static Duration vipLifetime(Section section, Duration automatic) {
        return section.scalar("vip-lifetime", LIFETIME_FORM, text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "auto" -> automatic;
                    case "off", "false", "no" -> Duration.ZERO;
                    default -> {
                        Duration lifetime = Durations.parse(text);
                        if (lifetime.isZero()
                                || lifetime.toNanosPart() != 0
                                || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
                            throw new Section.OutOfRangeException(LIFETIME_FORM);
                        }
                        yield lifetime;
                    }
                })
                .orElse(automatic);
    }

    private TrackConfig track(Section section) {
        List<Tracked> scripts = references(section, TrackerKind.SCRIPT);
        List<Tracked> checks = references(section, TrackerKind.CHECK);
        List<Tracked> files = references(section, TrackerKind.FILE);
        List<Tracked> processes = references(section, TrackerKind.PROCESS);
        List<Tracked> interfaces = interfaces(section);
        Optional<SwarmTracking> swarm = SwarmTrackingReader.read(section, report);
        section.finish();
        return new TrackConfig(scripts, interfaces, checks, files, processes, swarm);
    }

    private List<Tracked> references(Section section, TrackerKind kind) {
        List<TrackerConfig> candidates =
                trackers.stream().filter(tracker -> tracker.kind() == kind).toList();
        List<String> names = candidates.stream().map(TrackerConfig::name).toList();
        List<Tracked> tracked = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Section.Reference reference : section.references(kind.key(), TrackerReader.maxWeight(kind))) {
            Optional<TrackerConfig> found = candidates.stream()
                    .filter(candidate -> candidate.name().equals(reference.name()))
                    .findFirst();
            if (found.isEmpty()) {
                String known = names.isEmpty() ? "there is none" : String.join(", ", names);
                String accepted = "the name of a " + kind.label() + " under holdfast.vrrp." + kind.key() + " (" + known
                        + ")"
                        + Suggestions.closest(reference.name(), names)
                                .map(meant -> "; did you mean " + meant + "?")
                                .orElse("");
                report.fault(FaultReason.DANGLING_REFERENCE, reference.path(), reference.name(), accepted);
            } else if (!seen.add(reference.name())) {
                report.fault(
                        FaultReason.DUPLICATE, reference.path(), reference.name(), "each " + kind.label() + " once");
            } else {
                used.add(found.get());
                tracked.add(new Tracked(
                        reference.name(),
                        reference.weight().orElse(found.get().weight()),
                        reference.reverse().orElse(found.get().reverse())));
            }
        }
        return tracked;
    }

    private List<Tracked> interfaces(Section section) {
        List<Tracked> interfaces = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Section.Reference reference :
                section.references(TrackerKind.INTERFACE.key(), TrackerReader.maxWeight(TrackerKind.INTERFACE))) {
            try {
                Names.networkInterface(reference.name());
            } catch (IllegalArgumentException e) {
                report.fault(FaultReason.MALFORMED, reference.path(), reference.name(), Names.INTERFACE_FORM);
                continue;
            }
            if (!seen.add(reference.name())) {
                report.fault(FaultReason.DUPLICATE, reference.path(), reference.name(), "each interface once");
                continue;
            }
            interfaces.add(new Tracked(
                    reference.name(),
                    reference.weight().orElse(0),
                    reference.reverse().orElse(false)));
        }
        return interfaces;
    }

    private static NotifyConfig hooks(Section section) {
        NotifyConfig hooks = new NotifyConfig(
                section.commands("any"),
                section.commands("master"),
                section.commands("backup"),
                section.commands("fault"),
                section.commands("stop"));
        section.finish();
        return hooks;
    }
}
