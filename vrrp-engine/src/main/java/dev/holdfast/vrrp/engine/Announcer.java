package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.AnnounceSchedule;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.wire.IpFamily;

/** Tells the neighbours, in bursts, that an instance's addresses are here. */
final class Announcer {
    private final Host host;
    private final AnnounceSchedule schedule = new AnnounceSchedule();

    Announcer(Host host) {
        this.host = host;
    }

    /** A burst begins now. */
    void start(long now) {
        schedule.start(now);
    }

    void cancel() {
        schedule.cancel();
    }

    /** When {@link #announceDue} has something to say; {@link Long#MAX_VALUE}: not at all. */
    long deadlineNanos() {
        return schedule.deadlineNanos();
    }

    /**
     * Announces if it is time.
     *
     * @return 0, or -errno
     */
    int announceDue(long now, String interfaceName, InstanceAddresses addresses) {
        if (!schedule.take(now)) {
            return 0;
        }
        Link link = host.network().link(interfaceName);
        if (link == null || link.mac() == 0) {
            return 0;
        }
        byte[] mac = link.macBytes();
        int failure = 0;
        for (VipAddress vip : addresses.all()) {
            // Announcing what is not here would point the neighbours at nobody.
            if (vip.address().family() == IpFamily.IPV4 && host.network().has(link.index(), vip.address())) {
                failure = Math.min(failure, host.arp().announce(link.index(), mac, vip.address()));
            }
        }
        return failure;
    }
}
