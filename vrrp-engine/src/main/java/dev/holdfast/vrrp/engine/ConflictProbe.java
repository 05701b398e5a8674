package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.wire.AddressClaim;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks, while an instance is MASTER, whether somebody else holds its addresses, and tells of who does. */
final class ConflictProbe {
    private final Host host;
    private final ConflictWatch watch = new ConflictWatch();
    private long probeAtNanos = Long.MAX_VALUE;

    ConflictProbe(Host host) {
        this.host = host;
    }

    /** When {@link #probe} is due; {@link Long#MAX_VALUE}: not at all. */
    long probeAtNanos() {
        return probeAtNanos;
    }

    /** The role is here: the first probe goes out when a take-over is over. */
    void start(long now) {
        probeAtNanos = now + ConflictWatch.PROBE_NANOS;
    }

    /** The role is gone, and with it every conflict. */
    void stop(InstanceSpec spec) {
        probeAtNanos = Long.MAX_VALUE;
        for (VipConflict over : watch.leave()) {
            host.listener().vipConflictEnded(spec, over);
        }
    }

    /**
     * Asks for another holder of each address, and looks who has not been heard for long.
     *
     * @return whether a conflict is over, so that the neighbours should be told who is left
     */
    boolean probe(long now, InstanceSpec spec, List<VipAddress> addresses) {
        probeAtNanos = now + ConflictWatch.PROBE_NANOS;
        List<VipConflict> ended = watch.ended(now);
        for (VipConflict over : ended) {
            host.listener().vipConflictEnded(spec, over);
        }
        // One that can't be sent is made up for by the next; a link that is down tells of itself.
        for (VipAddress vip : addresses) {
            Link link = host.network().link(spec.claimsDeviceOf(vip));
            if (link != null && link.mac() != 0) {
                switch (vip.address().family()) {
                    case IPV4 -> host.arp().probe(link.index(), link.macBytes(), vip.address());
                    case IPV6 -> {
                        IpAddress linkLocal = linkLocal(link);
                        if (linkLocal != null) {
                            host.arp().solicit(link.index(), link.macBytes(), linkLocal, vip.address());
                        }
                    }
                }
            }
        }
        return !ended.isEmpty();
    }

    /** Where answers may come to: an address that is this host's alone. */
    private @Nullable IpAddress linkLocal(Link link) {
        for (HostAddress entry : host.network().addresses(link.index(), IpFamily.IPV6)) {
            IpAddress address = entry.address();
            if (address.isLinkLocal() && entry.isUsable() && !host.isVirtual().test(address)) {
                return address;
            }
        }
        return null;
    }

    /**
     * Somebody claims one of the addresses.
     *
     * @return whether it is to be contradicted (RFC 5227 section 2.4): the first claim after a while, and no more, for two
     *     that contradict each other for ever leave the neighbours worse off than one that is quiet
     */
    boolean heard(long now, InstanceSpec spec, AddressClaim claim) {
        // Another interface of this host may answer for its addresses too; that is no other host.
        if (host.network().hasMac(claim.mac())) {
            return false;
        }
        IpAddress address = claim.address();
        boolean first = !watch.isClaimed(now, address);
        @Nullable
        VipConflict found = watch.claimed(
                now,
                address,
                claim.mac(),
                claim.macText(),
                spec.advertInterval().toNanos());
        if (found != null) {
            host.listener().vipConflict(spec, found);
        }
        return first;
    }

    /** Whether there is a conflict now. */
    boolean isOpen() {
        return watch.isOpen();
    }

    List<VipConflict> current() {
        return watch.current();
    }

    long found() {
        return watch.count();
    }
}
