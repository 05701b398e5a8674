package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.AnnounceSchedule;
import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.engine.ffi.Ipv6Layouts;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.ArpFrame;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Walks once through everything that a take-over does, so that the first one finds its classes loaded, its system calls
 * linked and its inner loops compiled. Touches nothing: it sends to a descriptor and changes an interface that don't exist.
 */
final class WarmUp {
    /** Both more than the 200 calls after which the virtual machine compiles (its Tier3InvocationThreshold). */
    private static final int ROUNDS = 300;

    private static final int SYSTEM_CALLS = 250;
    private static final int NO_DESCRIPTOR = -1;
    private static final int NO_INTERFACE = Integer.MAX_VALUE;
    private static final long SECOND = 1_000_000_000;
    private static final byte[] MAC = {2, 0, 0, 0, 0, 1};

    /** What a take-over of one family is about; addresses of the documentation's. */
    private record Scene(VrrpVersion version, IpAddress source, VipAddress vip, IpAddress group) {
        IpFamily family() {
            return source.family();
        }
    }

    private static final List<Scene> SCENES = List.of(
            new Scene(
                    VrrpVersion.V2,
                    IpAddress.parse("192.0.2.1"),
                    VipAddress.parse("192.0.2.2/32"),
                    AdvertisementCodec.GROUP_IPV4),
            new Scene(
                    VrrpVersion.V3,
                    IpAddress.parse("fe80::1"),
                    VipAddress.parse("2001:db8::2/128"),
                    AdvertisementCodec.GROUP_IPV6));

    private WarmUp() {}

    static void run(Host host) {
        for (Scene scene : SCENES) {
            protocol(scene);
            systemCalls(host, scene);
            announcements(scene);
        }
    }

    /** With a queue and a voice of its own: nothing is said. */
    private static void announcements(Scene scene) {
        AnnouncePacer.Voice silent = new AnnouncePacer.Voice() {
            @Override
            public int say(VipAddress vip) {
                return 1;
            }

            @Override
            public int sayInTurn(VipAddress vip) {
                return 1;
            }
        };
        AnnouncePacer pacer = new AnnouncePacer(new DeadlineQueue());
        AnnounceSchedule schedule = new AnnounceSchedule(Announcements.DEFAULT);
        for (long now = SECOND; now < SYSTEM_CALLS * SECOND; now += SECOND) {
            schedule.again(now);
            boolean news = schedule.take(now) == AnnounceSchedule.Due.NEWS;
            pacer.announce(now, news, "nowhere", new AnnouncePacer.Waiting(silent, scene.vip, 0));
            pacer.forget(silent);
            schedule.cancel();
        }
    }

    private static void protocol(Scene scene) {
        IpFamily family = scene.family();
        IpAddress vip = scene.vip.address();
        RouterSettings settings =
                new RouterSettings(scene.version, scene.source, 100, SECOND, true, 0, VrrpState.BACKUP);
        Advertisement advert =
                new Advertisement(scene.version, 1, 100, SECOND, List.of(vip), new Authentication.None());
        AdvertisementReader reader = new AdvertisementReader();
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        for (int i = 0; i < ROUNDS; i++) {
            VirtualRouter router = new VirtualRouter(settings, action -> {});
            router.start(0);
            router.advertReceived(SECOND, 200, family, vip.high(), vip.low(), SECOND);
            router.timerExpired(router.deadlineNanos());
            router.timerExpired(router.deadlineNanos());
            router.handOver(router.deadlineNanos());
            router.advertReceived(router.deadlineNanos(), 50, family, vip.high(), vip.low(), SECOND);
            router.successorAnnounced(router.deadlineNanos() - SECOND / 4);
            router.timerExpired(router.deadlineNanos());
            router.stop(100 * SECOND);
            AdvertisementCodec.encode(advert, scene.source, scene.group, bytes.clear());
            reader.read(
                    bytes.flip(),
                    family,
                    scene.source.high(),
                    scene.source.low(),
                    scene.group.high(),
                    scene.group.low());
        }
    }

    private static void systemCalls(Host host, Scene scene) {
        List<VipAddress> nowhere = List.of(scene.vip);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(ArpFrame.LENGTH);
            MemorySegment message = message(arena, scene, frame);
            Layouts.Inbox inbox4 = new Layouts.Inbox(arena, frame);
            Ipv6Layouts.Inbox inbox6 = new Ipv6Layouts.Inbox(arena, frame);
            for (int i = 0; i < SYSTEM_CALLS; i++) {
                host.libc().sendmsg(NO_DESCRIPTOR, message, 0);
                host.vips().hold(_ -> NO_INTERFACE, nowhere, 1);
                host.vips().release(_ -> NO_INTERFACE, nowhere, false);
                switch (scene.family()) {
                    case IPV4 -> {
                        inbox4.receive(host.libc(), NO_DESCRIPTOR);
                        host.arp().announce(NO_INTERFACE, MAC, scene.vip.address());
                    }
                    case IPV6 -> {
                        inbox6.receive(host.libc(), NO_DESCRIPTOR);
                        host.arp().advertise(NO_INTERFACE, MAC, scene.vip.address(), Announcer.forwards("all"));
                    }
                }
            }
        }
    }

    private static MemorySegment message(Arena arena, Scene scene, MemorySegment data) {
        return switch (scene.family()) {
            case IPV4 ->
                Layouts.message(
                        arena,
                        data,
                        Layouts.sockaddrIn(arena, scene.group.low()),
                        scene.source.low(),
                        NO_INTERFACE,
                        AdvertisementCodec.HOP_LIMIT);
            case IPV6 ->
                Ipv6Layouts.message(
                        arena,
                        data,
                        Ipv6Layouts.sockaddr(arena, scene.group.high(), scene.group.low(), NO_INTERFACE),
                        scene.source.high(),
                        scene.source.low(),
                        NO_INTERFACE,
                        AdvertisementCodec.HOP_LIMIT);
        };
    }
}
