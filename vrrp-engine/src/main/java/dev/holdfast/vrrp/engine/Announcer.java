package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.AnnounceSchedule;
import dev.holdfast.vrrp.engine.announce.AnnounceSchedule.Due;
import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.engine.netlink.Link;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells the neighbours that an instance's addresses are here. */
final class Announcer implements AnnouncePacer.Voice {
    private final Host host;
    private final Instance instance;
    private final AnnounceSchedule schedule;

    Announcer(Host host, Instance instance) {
        this.host = host;
        this.instance = instance;
        this.schedule = new AnnounceSchedule(instance.spec().announcements());
    }

    /** The instance's spec is another one. */
    void configure() {
        schedule.configure(instance.spec().announcements());
    }

    /** Addresses have come here: a burst begins now. */
    void start(long now) {
        schedule.start(now);
        announceDue(now);
    }

    /**
     * Says it again, because somebody else has claimed the addresses; the first time since {@link #cancel}, a start. While
     * it has to wait for its turn, what waits is enough: a rival that goes on for ever must not let the queue grow for ever.
     */
    void again(long now) {
        if (host.pacer().isBehind(this)) {
            return;
        }
        schedule.again(now);
        announceDue(now);
    }

    /** The addresses are not here any more: not another word. */
    void cancel() {
        schedule.cancel();
        host.pacer().forget(this);
    }

    /** When {@link #announceDue} has something to say; {@link Long#MAX_VALUE}: not at all. */
    long deadlineNanos() {
        return schedule.deadlineNanos();
    }

    /** Announces if it is time and the instance is MASTER; in its turn. */
    void announceDue(long now) {
        if (!instance.isMaster()) {
            cancel();
            return;
        }
        for (Due due = schedule.take(now); due != Due.NOTHING; due = schedule.take(now)) {
            // While somebody else holds the addresses too, a refresh would pull the neighbours to and fro.
            if (due != Due.REFRESH || (!instance.isContested() && !host.pacer().isBehind(this))) {
                announce(now, due == Due.NEWS);
            }
        }
    }

    private void announce(long now, boolean news) {
        Announcements how = instance.spec().announcements();
        for (VipAddress vip : instance.addresses()) {
            long interval = switch (vip.address().family()) {
                case IPV4 -> how.arpInterval().toNanos();
                case IPV6 -> how.naInterval().toNanos();
            };
            host.pacer()
                    .announce(now, news, instance.spec().deviceOf(vip), new AnnouncePacer.Waiting(this, vip, interval));
        }
    }

    /** The instance first looks whether it is MASTER still. */
    @Override
    public int sayInTurn(VipAddress vip) {
        int[] frames = {0};
        instance.turn(() -> frames[0] = instance.isMaster() ? say(vip) : 0);
        return frames[0];
    }

    @Override
    public int say(VipAddress vip) {
        Link link = host.network().link(instance.spec().deviceOf(vip));
        // Announcing what is not here would point the neighbours at nobody.
        if (link == null || link.mac() == 0 || !host.network().has(link.index(), vip.address())) {
            return 0;
        }
        byte[] mac = link.macBytes();
        int failure = switch (vip.address().family()) {
            case IPV4 -> host.arp().announce(link.index(), mac, vip.address());
            case IPV6 -> host.arp().advertise(link.index(), mac, vip.address(), forwards(link.name()));
        };
        if (failure < 0) {
            instance.announceFailed(vip, failure);
        }
        return switch (vip.address().family()) {
            case IPV4 -> 2;
            case IPV6 -> 1;
        };
    }

    /** Neighbours would forget it as their router if it announced itself as none. */
    static boolean forwards(String interfaceName) {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv6/conf", interfaceName, "forwarding"))
                    .startsWith("1");
        } catch (IOException e) {
            return false;
        }
    }
}
