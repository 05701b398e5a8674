package dev.holdfast.vrrp.engine;

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
    private static final int ROUNDS = 300;
    private static final int SYSTEM_CALLS = 50;
    private static final int NO_DESCRIPTOR = -1;
    private static final int NO_INTERFACE = Integer.MAX_VALUE;
    private static final IpAddress SOURCE = IpAddress.parse("192.0.2.1");
    private static final IpAddress OTHER = IpAddress.parse("192.0.2.2");
    private static final long SECOND = 1_000_000_000;
    private static final byte[] MAC = {2, 0, 0, 0, 0, 1};

    private WarmUp() {}

    static void run(Host host) {
        protocol();
        systemCalls(host);
    }

    private static void protocol() {
        RouterSettings settings = new RouterSettings(VrrpVersion.V2, SOURCE, 100, SECOND, true, 0, VrrpState.BACKUP);
        Advertisement advert =
                new Advertisement(VrrpVersion.V2, 1, 100, SECOND, List.of(OTHER), new Authentication.None());
        AdvertisementReader reader = new AdvertisementReader();
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        for (int i = 0; i < ROUNDS; i++) {
            VirtualRouter router = new VirtualRouter(settings, action -> {});
            router.start(0);
            router.advertReceived(SECOND, 200, IpFamily.IPV4, 0, OTHER.low(), SECOND);
            router.timerExpired(router.deadlineNanos());
            router.timerExpired(router.deadlineNanos());
            router.handOver(router.deadlineNanos());
            router.advertReceived(router.deadlineNanos(), 50, IpFamily.IPV4, 0, OTHER.low(), SECOND);
            router.successorAnnounced(router.deadlineNanos() - SECOND / 4);
            router.timerExpired(router.deadlineNanos());
            router.stop(100 * SECOND);
            AdvertisementCodec.encode(advert, SOURCE, AdvertisementCodec.GROUP_IPV4, bytes.clear());
            reader.read(bytes.flip(), IpFamily.IPV4, 0, SOURCE.low(), 0, AdvertisementCodec.GROUP_IPV4.low());
        }
    }

    private static void systemCalls(Host host) {
        List<VipAddress> nowhere = List.of(new VipAddress(OTHER, 32));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(ArpFrame.LENGTH);
            MemorySegment address = Layouts.sockaddrIn(arena, OTHER.low());
            MemorySegment message =
                    Layouts.message(arena, frame, address, SOURCE.low(), NO_INTERFACE, AdvertisementCodec.HOP_LIMIT);
            for (int i = 0; i < SYSTEM_CALLS; i++) {
                host.libc().sendmsg(NO_DESCRIPTOR, message, 0);
                host.libc().recv(NO_DESCRIPTOR, frame, 0);
                host.vips().hold(_ -> NO_INTERFACE, nowhere, 1);
                host.vips().release(_ -> NO_INTERFACE, nowhere, false);
                host.arp().announce(NO_INTERFACE, MAC, OTHER);
            }
        }
    }
}
