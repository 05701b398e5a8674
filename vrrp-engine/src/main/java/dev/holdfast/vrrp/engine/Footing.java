package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an instance stands on: its interface and the address that it speaks from, or why it can't. */
final class Footing {
    private static final long RETRY_NANOS = 1_000_000_000;

    private final Host host;
    private final InterfacePort port;
    private final @Nullable VirtualLink virtual;
    private int ifindex;
    private @Nullable IpAddress source;
    private @Nullable String fault;
    private boolean speechless;
    private long retryAtNanos = Long.MAX_VALUE;

    Footing(Host host, InterfacePort port, InstanceSpec spec) {
        this.host = host;
        this.port = port;
        this.virtual = spec.virtualMac().map(mac -> new VirtualLink(host, mac)).orElse(null);
    }

    /** The link that holds the addresses, but for those on other devices; 0 while there is none. */
    int ifindex() {
        return virtual == null ? ifindex : virtual.ifindex();
    }

    /** What adverts are sent on; null while there is nothing. */
    @Nullable
    RawSocket socket() {
        RawSocket ofVirtual = virtual == null ? null : virtual.socket();
        return ofVirtual != null ? ofVirtual : port.socket();
    }

    /** The link that adverts are sent on. */
    int sendIfindex() {
        return virtual == null || virtual.socket() == null ? ifindex : virtual.ifindex();
    }

    /**
     * The role is here, or comes: before the first advert.
     *
     * @return 0, or -errno
     */
    int raise() {
        return virtual == null ? 0 : virtual.raise();
    }

    /** The role is gone. */
    void lower() {
        if (virtual != null) {
            virtual.lower();
        }
    }

    /** The instance ends. */
    void close() {
        if (virtual != null) {
            virtual.close();
        }
    }

    /** The last source address; it stays known while it is missing. */
    @Nullable
    IpAddress source() {
        return source;
    }

    /** Why the instance can't serve, or null. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Whether adverts can leave: a host that lost another interface than this one can still say that it resigns. */
    boolean canSpeak() {
        return !speechless;
    }

    /** When {@link #look} is to try again what the kernel refused; {@link Long#MAX_VALUE}: it need not. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /**
     * Looks at the host as it is now.
     *
     * @return whether interface or source are others than before
     */
    boolean look(long now, InstanceSpec spec) {
        Link link = host.network().link(spec.interfaceName());
        int index = link == null ? 0 : link.index();
        boolean changed = index != ifindex;
        ifindex = index;
        port.follow(link);
        // No event of the host tells that descriptors or memory are there again.
        retryAtNanos = port.isComplete() ? Long.MAX_VALUE : now + RETRY_NANOS;
        if (virtual != null) {
            int before = virtual.ifindex();
            virtual.follow(link, spec);
            changed |= virtual.ifindex() != before;
        }
        IpAddress found = link == null ? null : chooseSource(spec, link);
        fault = judge(spec, link, found);
        speechless = fault != null;
        if (fault == null) {
            fault = judgeOthers(spec);
        }
        if (found != null && !found.equals(source)) {
            source = found;
            changed = true;
        }
        return changed;
    }

    private @Nullable String judge(InstanceSpec spec, @Nullable Link link, @Nullable IpAddress found) {
        String name = spec.interfaceName();
        String broken = linkFault(name, link);
        if (broken != null) {
            return broken;
        }
        if (found == null) {
            String family = spec.family() == IpFamily.IPV4 ? "IPv4" : "link-local IPv6";
            return spec.transport()
                    .source()
                    .map(configured -> "source address " + configured + " is not on this host")
                    .orElse("interface " + name + " has no " + family
                            + " address of its own to send advertisements from");
        }
        return port.fault();
    }

    /** Why the links besides the interface can't serve, or null. */
    private @Nullable String judgeOthers(InstanceSpec spec) {
        String ofVirtual = virtual == null ? null : virtual.fault();
        return ofVirtual == null ? deviceFault(spec) : ofVirtual;
    }

    /** Why another interface that holds some of the addresses can't serve, or null. */
    private @Nullable String deviceFault(InstanceSpec spec) {
        String fault = deviceFault(spec, spec.addresses());
        return fault == null ? deviceFault(spec, spec.excludedAddresses()) : fault;
    }

    private @Nullable String deviceFault(InstanceSpec spec, List<VipAddress> addresses) {
        for (VipAddress vip : addresses) {
            if (vip.options().device().isPresent() && vip.options().track()) {
                String fault = linkFault(spec.deviceOf(vip), host.network().link(spec.deviceOf(vip)));
                if (fault != null) {
                    return fault + ", which is to hold " + vip;
                }
            }
        }
        return null;
    }

    private static @Nullable String linkFault(String name, @Nullable Link link) {
        if (link == null) {
            return "interface " + name + " does not exist";
        }
        if (!link.isUp()) {
            return "interface " + name + " is down";
        }
        return link.hasCarrier() ? null : "interface " + name + " has no carrier";
    }

    /** The configured address, or the interface's first that is not virtual; an owner's may be the virtual one itself. */
    private @Nullable IpAddress chooseSource(InstanceSpec spec, Link link) {
        Optional<IpAddress> configured = spec.transport().source();
        if (configured.isPresent()) {
            IpAddress address = configured.get();
            return host.network().isLocal(address.family(), address.high(), address.low()) ? address : null;
        }
        IpAddress virtual = null;
        for (HostAddress entry : host.network().addresses(link.index(), spec.family())) {
            IpAddress address = entry.address();
            if (spec.family() == IpFamily.IPV6 && !address.isLinkLocal()) {
                continue;
            }
            if (!entry.isUsable()) {
                continue;
            }
            if (!host.isVirtual().test(address)) {
                return address;
            }
            virtual = virtual == null && !entry.isOurs() ? address : virtual;
        }
        return spec.priority() == RouterSettings.OWNER_PRIORITY ? virtual : null;
    }
}
