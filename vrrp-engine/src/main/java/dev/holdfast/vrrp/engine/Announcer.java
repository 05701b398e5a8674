package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.AnnounceSchedule;
import dev.holdfast.vrrp.engine.netlink.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
            if (host.network().has(link.index(), vip.address())) {
                int result = switch (vip.address().family()) {
                    case IPV4 -> host.arp().announce(link.index(), mac, vip.address());
                    case IPV6 -> host.arp().advertise(link.index(), mac, vip.address(), forwards(interfaceName));
                };
                failure = Math.min(failure, result);
            }
        }
        return failure;
    }

    /** Neighbours would forget it as their router if it announced itself as none. */
    private static boolean forwards(String interfaceName) {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv6/conf", interfaceName, "forwarding"))
                    .startsWith("1");
        } catch (IOException e) {
            return false;
        }
    }
}
