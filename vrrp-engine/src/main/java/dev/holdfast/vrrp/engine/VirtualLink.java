package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.Ipv4Conf;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The macvlan that carries an instance's virtual MAC. It is there as long as the instance and its interface are, and up only
 * while the instance is MASTER: a BACKUP can't answer for the virtual MAC, nor send anything that has a switch look for it
 * in the wrong place.
 *
 * <p>Adverts are heard on the interface below. For that the macvlan is one of the mode bridge: a private one takes all
 * multicast from another host with its own MAC for itself, and with it the adverts of another MASTER.
 */
final class VirtualLink {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualLink.class);
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf");

    /** Loose: the way back to a client leads over the interface below, where its packets did not come from. */
    private static final Map<Ipv4Conf, Integer> IPV4_SETTINGS =
            Map.of(Ipv4Conf.ARP_IGNORE, 1, Ipv4Conf.RP_FILTER, 2, Ipv4Conf.PROMOTE_SECONDARIES, 1);

    private final Host host;
    private final RouteRequests requests;
    private final ArpSettings arp;
    private final VirtualMac virtual;
    private int ifindex;
    private int quietBase;
    private boolean raised;
    private @Nullable RawSocket socket;
    private @Nullable String fault;
    private @Nullable String refused;
    private boolean ipv6;

    VirtualLink(Host host, VirtualMac virtual) {
        this.host = host;
        this.requests = host.requests();
        this.arp = host.arpSettings();
        this.virtual = virtual;
    }

    String interfaceName() {
        return virtual.interfaceName();
    }

    /** The macvlan; 0 while there is none. */
    int ifindex() {
        return ifindex;
    }

    /** What adverts leave by; null while there is nothing, or if they leave by the interface below. */
    @Nullable
    RawSocket socket() {
        return socket;
    }

    /** Why there is no macvlan as it should be, or null. */
    @Nullable
    String fault() {
        return fault != null ? fault : refused;
    }

    /** Has the macvlan there if the interface below is. */
    void follow(@Nullable Link base, InstanceSpec spec) {
        fault = null;
        Link link = base == null ? null : findOrMake(base);
        int index = link == null ? 0 : link.index();
        if (index != ifindex) {
            forget();
        }
        if (base == null || link == null) {
            return;
        }
        quieten(link, base, spec);
        raised = link.isUp();
        if (index != ifindex) {
            ifindex = index;
            configure(spec);
            // Left up by a run that was killed; who is MASTER raises it again.
            lower();
        } else if (ipv6 != hasFamily(spec, IpFamily.IPV6)) {
            configure(spec);
        }
    }

    private @Nullable Link findOrMake(Link base) {
        Link link = host.network().link(virtual.interfaceName());
        if (link == null) {
            return make(base);
        }
        if (isFit(link, base)) {
            return link;
        }
        Optional<LinkMark> mark = mark(link);
        if (mark.isEmpty() || mark.get().isAnothers()) {
            fault = "interface " + link.name() + " exists and is not the virtual MAC of this instance"
                    + mark.map(other -> ", but that of process " + other.process() + " (" + other.instance() + ")")
                            .orElse("; remove it (ip link del " + link.name() + ") or configure another name");
            return null;
        }
        remove(host, link);
        return make(base);
    }

    private static Optional<LinkMark> mark(Link link) {
        return Optional.ofNullable(link.macvlan()).map(Link.Macvlan::alias).flatMap(LinkMark::parse);
    }

    /** Whether it is the one that this class would make; one without a mark was made a moment before its maker was killed. */
    private boolean isFit(Link link, Link base) {
        Link.Macvlan macvlan = link.macvlan();
        // A macvlan over a macvlan has the same link below.
        int below = base.macvlan() == null ? base.index() : base.macvlan().base();
        if (macvlan == null
                || macvlan.base() != below
                || macvlan.mode() != Link.Macvlan.BRIDGE
                || link.mac() != virtual.address()) {
            return false;
        }
        return link.index() == ifindex
                || mark(link)
                        .map(mark -> !mark.isAnothers())
                        .orElse(macvlan.alias().isEmpty() && !link.isUp());
    }

    private @Nullable Link make(Link base) {
        int result = requests.addMacvlan(virtual.interfaceName(), virtual.addressBytes(), base.index());
        if (result == 0 || Errno.EEXIST.is(result)) {
            result = requests.link(
                    virtual.interfaceName(), made -> host.network().accept(new RouteMessage.LinkIs(made)));
        }
        Link made = host.network().link(virtual.interfaceName());
        if (result < 0 || made == null) {
            fault = "the virtual MAC " + virtual.interfaceName() + " can't be made on " + base.name() + ": "
                    + requests.describe(result);
            return null;
        }
        return made;
    }

    /** The interface below must not answer for IPv4 addresses that are on the macvlan. */
    private void quieten(Link link, Link base, InstanceSpec spec) {
        int before = quietBase;
        quietBase = hasFamily(spec, IpFamily.IPV4) ? base.index() : 0;
        if (before != 0 && before != quietBase) {
            arp.release(before);
        }
        if (quietBase != 0 && quietBase != before) {
            mark(link).flatMap(LinkMark::before).ifPresent(own -> arp.inherit(quietBase, own));
        }
        // Before the change: who is killed after it has left word of it.
        mark(link, base, spec);
        if (quietBase != 0 && quietBase != before) {
            arp.hold(quietBase, base.name());
        }
    }

    private void mark(Link link, Link base, InstanceSpec spec) {
        Optional<ArpSettings.Values> before =
                quietBase == 0 ? Optional.empty() : Optional.of(arp.own(quietBase, base.name()));
        String alias = new LinkMark(ProcessHandle.current().pid(), before, spec.name()).toString();
        if (link.macvlan() != null && !link.macvlan().alias().equals(alias)) {
            int result = requests.setAlias(link.index(), alias);
            if (result < 0) {
                LOG.warn("{} can't be marked: {}", link.name(), requests.describe(result));
            } else {
                host.network().accept(new RouteMessage.LinkIs(link.withAlias(alias)));
            }
        }
    }

    private void configure(InstanceSpec spec) {
        refused = null;
        int result = requests.setIpv4(ifindex, IPV4_SETTINGS);
        if (result < 0) {
            refused =
                    "the virtual MAC " + virtual.interfaceName() + " can't be configured: " + requests.describe(result);
        }
        ipv6 = hasFamily(spec, IpFamily.IPV6);
        if (ipv6) {
            enableIpv6();
        } else {
            writeIpv6("disable_ipv6", 1);
        }
        if (virtual.transmit() == VirtualMac.Transmit.VIRTUAL && socket == null) {
            try {
                socket = RawSocket.openToSend(host.libc(), spec.family(), ifindex);
            } catch (SystemCallException e) {
                refused = "the virtual MAC " + virtual.interfaceName() + ": " + e.getMessage();
            }
        }
    }

    /** No address but the virtual ones: none from the MAC, none from routers. */
    private void enableIpv6() {
        int result = requests.setNoGeneratedAddress(ifindex);
        boolean enabled = writeIpv6("disable_ipv6", 0);
        if (result < 0 || !enabled) {
            refused = "the virtual MAC " + virtual.interfaceName() + " can't have IPv6"
                    + (result < 0 ? ": " + requests.describe(result) : "");
        }
        writeIpv6("accept_ra", 0);
        writeIpv6("autoconf", 0);
    }

    private boolean writeIpv6(String setting, int value) {
        Path file = IPV6.resolve(virtual.interfaceName()).resolve(setting);
        String wanted = Integer.toString(value);
        try {
            if (Files.readString(file).strip().equals(wanted)) {
                return true;
            }
            Files.writeString(file, wanted);
            return true;
        } catch (IOException e) {
            LOG.debug("{} can't be set to {}", file, value, e);
            return false;
        }
    }

    /** An instance of the one family may hold excluded addresses of the other. */
    private static boolean hasFamily(InstanceSpec spec, IpFamily family) {
        return spec.family() == family
                || spec.excludedAddresses().stream()
                        .anyMatch(vip -> vip.address().family() == family);
    }

    /**
     * The role is here, or comes: the virtual MAC speaks and hears from now on.
     *
     * @return 0, or -errno
     */
    int raise() {
        return raised || ifindex == 0 ? 0 : setUp(true);
    }

    /** The role is gone. */
    void lower() {
        if (raised && ifindex != 0) {
            setUp(false);
        }
    }

    private int setUp(boolean up) {
        int result = requests.setUp(ifindex, up);
        if (result < 0) {
            LOG.debug("{} can't be set {}: {}", interfaceName(), up ? "up" : "down", requests.describe(result));
            return result;
        }
        raised = up;
        Link link = host.network().link(virtual.interfaceName());
        if (link != null) {
            host.network().accept(new RouteMessage.LinkIs(link.withUp(up)));
        }
        return 0;
    }

    /** The instance ends, and its macvlan with it. */
    void close() {
        Link link = host.network().link(virtual.interfaceName());
        if (link != null && link.index() == ifindex) {
            requests.removeLink(ifindex);
            host.network().accept(new RouteMessage.LinkGone(ifindex));
        }
        forget();
    }

    private void forget() {
        if (socket != null) {
            host.outbox().flush();
            socket.close();
            socket = null;
        }
        if (quietBase != 0) {
            arp.release(quietBase);
            quietBase = 0;
        }
        ifindex = 0;
        raised = false;
        refused = null;
    }

    /** Removes a macvlan that a run left behind which is over, and gives the interface below back what it had. */
    private static void remove(Host host, Link link) {
        Link.Macvlan macvlan = link.macvlan();
        if (macvlan == null) {
            return;
        }
        mark(link)
                .flatMap(LinkMark::before)
                .ifPresent(before -> host.arpSettings().inherit(macvlan.base(), before));
        int result = host.requests().removeLink(link.index());
        if (result == 0 || Errno.ENODEV.is(result)) {
            host.network().accept(new RouteMessage.LinkGone(link.index()));
        }
        LOG.info("{}, left behind by an agent that is gone, is removed", link.name());
    }

    /** Removes what runs left behind that are over and no instance wants. */
    static void removeLeftovers(Host host, Iterable<InstanceSpec> wanted) {
        for (Link link : host.network().links()) {
            if (mark(link).filter(mark -> !mark.isAnothers()).isPresent() && !isWanted(link, wanted)) {
                remove(host, link);
            }
        }
        host.arpSettings().restoreUnused();
    }

    private static boolean isWanted(Link link, Iterable<InstanceSpec> wanted) {
        for (InstanceSpec spec : wanted) {
            if (spec.virtualMac()
                    .filter(mac -> mac.interfaceName().equals(link.name()))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }
}
