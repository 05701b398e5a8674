package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ArpSocket;
import dev.holdfast.vrrp.engine.announce.ClaimListener;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.AddressRequest;
import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteEntry;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import dev.holdfast.vrrp.engine.netlink.RuleEntry;
import dev.holdfast.vrrp.engine.raw.Outbox;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Take-overs that nobody sees, so that the first real one finds all that it runs through loaded, compiled and in memory.
 * They are an instance's own, on a link that does not exist: each system call is made, and the kernel refuses those that
 * would be seen (nothing leaves this host, and no address of it changes). On any thread, beside the event loop.
 */
final class Rehearsal implements AutoCloseable {
    /** No interface gets so far. */
    private static final int NOWHERE = Integer.MAX_VALUE;

    /** Where sockets that are to hear nothing are bound to; the first interface of each network namespace. */
    private static final int LOOPBACK = 1;

    private static final int NO_TIMER = -1;

    private static final String LINK = "rehearsal";
    private static final long MAC = 0x02_00_00_00_00_01L;
    private static final int VRID = 1;
    private static final int PRIORITY = 100;
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Who is there, in one family; addresses of the documentation's. */
    private record Scene(VrrpVersion version, IpAddress self, IpAddress other, VipAddress vip) {
        private static final List<Scene> ALL = List.of(
                new Scene(
                        VrrpVersion.V2,
                        IpAddress.parse("192.0.2.1"),
                        IpAddress.parse("192.0.2.2"),
                        VipAddress.parse("192.0.2.3/32")),
                new Scene(
                        VrrpVersion.V3,
                        IpAddress.parse("fe80::1"),
                        IpAddress.parse("fe80::2"),
                        VipAddress.parse("2001:db8::3/128")));

        IpFamily family() {
            return self.family();
        }

        /** Unicast, because no group can be joined on no link. */
        InstanceSpec spec() {
            return InstanceSpec.builder(LINK, LINK, VRID)
                    .version(version)
                    .family(family())
                    .priority(PRIORITY)
                    .advertInterval(INTERVAL)
                    .addresses(List.of(vip))
                    .transport(new Transport.Unicast(Optional.of(self), List.of(other)))
                    .build();
        }
    }

    private final Scene scene;
    private final Arena arena = Arena.ofConfined();
    private final DeadlineQueue deadlines = new DeadlineQueue(0);
    private final MemorySegment timerSetting = arena.allocate(Layouts.ITIMERSPEC);
    private final AdvertisementReader reader = new AdvertisementReader();
    private final ByteBuffer higher;
    private final RouteRequests requests;
    private final Outbox outbox;
    private final ArpSocket arp;
    private final InterfacePort port;
    private final Instance instance;

    /**
     * With sockets that hear nothing; those are the caller's.
     *
     * @throws SystemCallException if the kernel refuses another socket
     */
    private Rehearsal(Scene scene, Function<Libc, Sockets> sockets) {
        this.scene = scene;
        this.higher = advertOfTheOther(scene);
        Libc libc = new Libc(arena);
        this.requests = new RouteRequests(libc, arena);
        try {
            this.arp = new ArpSocket(libc, arena);
        } catch (RuntimeException e) {
            requests.close();
            arena.close();
            throw e;
        }
        this.outbox = new Outbox(libc, arena);
        HostNetwork network = new HostNetwork();
        Host host = new Host(
                libc,
                deadlines,
                (_, _) -> () -> {},
                sockets.apply(libc),
                outbox,
                network,
                new VipKeeper(network, new NoAddressStays()),
                new NoRoutes(),
                new SecondaryPromotion(Path.of("/")),
                arp,
                new AnnouncePacer(deadlines),
                requests,
                new ArpSettings(requests),
                new SafeListener(new NobodyToTell()),
                _ -> false,
                (_, _) -> {});
        network.accept(new RouteMessage.LinkIs(
                new Link(NOWHERE, LINK, Link.IFF_UP | Link.IFF_RUNNING | Link.IFF_LOWER_UP, MAC)));
        network.accept(new RouteMessage.AddressIs(new HostAddress(NOWHERE, scene.self, 128, 0, 0, 0)));
        this.port = new InterfacePort(host, LINK, scene.family());
        this.instance = new Instance(host, port, scene.spec());
        port.attach(instance);
        instance.start();
    }

    /**
     * Has the role come and go so many times, in either family.
     *
     * @return how often it came
     * @throws SystemCallException if the kernel refuses a socket
     */
    static int run(int takeOvers) {
        return run(takeOvers, NobodyToHear::new);
    }

    /** Where a family's sockets can't be had, nobody can take over by it, and nothing is rehearsed. */
    static int run(int takeOvers, Function<Libc, Sockets> sockets) {
        int came = 0;
        for (Scene scene : Scene.ALL) {
            try (Rehearsal rehearsal = new Rehearsal(scene, sockets)) {
                came += rehearsal.play(takeOvers);
            }
        }
        return came;
    }

    /**
     * One for each family that stays open, for the calling thread alone.
     *
     * @throws SystemCallException if the kernel refuses a socket
     */
    static List<Rehearsal> open() {
        List<Rehearsal> opened = new ArrayList<>();
        try {
            for (Scene scene : Scene.ALL) {
                opened.add(new Rehearsal(scene, NobodyToHear::new));
            }
        } catch (SystemCallException e) {
            opened.forEach(Rehearsal::close);
            throw e;
        }
        return opened;
    }

    IpFamily family() {
        return scene.family();
    }

    private int play(int takeOvers) {
        int came = 0;
        while (came < takeOvers && takeOver()) {
            came++;
            giveBack();
            keepTime();
        }
        return came;
    }

    /** What the event loop does besides: a method handle is compiled anew when it has been called often, which takes 1 ms. */
    private void keepTime() {
        EngineLoop.now();
        Libc.timerfdSettime(NO_TIMER, 0, timerSetting);
    }

    /**
     * Becomes MASTER.
     *
     * @return whether the role came; it does not while it is here, nor without sockets
     */
    boolean takeOver() {
        if (instance.router().state() != VrrpState.BACKUP) {
            return false;
        }
        deadlines.expireDue(instance.router().deadlineNanos());
        return instance.isMaster();
    }

    /** Advertises as MASTER, and then hears of a better one. */
    void giveBack() {
        if (!instance.isMaster()) {
            return;
        }
        long now = instance.router().deadlineNanos();
        deadlines.expireDue(now);
        outbox.flush();
        RejectReason refused = reader.read(
                higher.rewind(),
                scene.family(),
                scene.other.high(),
                scene.other.low(),
                scene.self.high(),
                scene.self.low());
        if (refused == null) {
            instance.advertReceived(now, now, reader, scene.family(), scene.other.high(), scene.other.low());
        }
    }

    @Override
    public void close() {
        instance.stop();
        port.close();
        requests.close();
        arp.close();
        arena.close();
    }

    private static ByteBuffer advertOfTheOther(Scene scene) {
        Advertisement advert = AdvertSender.advertisement(scene.spec(), PRIORITY + 1);
        ByteBuffer bytes = ByteBuffer.allocateDirect(AdvertisementCodec.length(advert));
        AdvertisementCodec.encode(advert, scene.other, scene.self, bytes);
        return bytes;
    }

    /** Real sockets, on the loopback: they let nothing in, or are never asked. */
    private record NobodyToHear(Libc libc) implements Sockets {
        @Override
        public RawSocket raw(IpFamily family, int ifindex) {
            return RawSocket.openToSend(libc, family, LOOPBACK);
        }

        @Override
        public ClaimListener claims(IpFamily family, int ifindex) {
            return Sockets.of(libc).claims(family, LOOPBACK);
        }
    }

    /** The kernel refuses all of it; to the instance it looks as if it had not. */
    private final class NoAddressStays implements VipKeeper.AddressTable {
        @Override
        public int add(AddressRequest address) {
            requests.addAddress(address);
            return 0;
        }

        @Override
        public int renew(AddressRequest address) {
            requests.renewAddress(address);
            return 0;
        }

        @Override
        public int remove(int ifindex, IpAddress address, int prefixLength) {
            requests.removeAddress(ifindex, address, prefixLength);
            return 0;
        }
    }

    /** The instance has none. */
    private static final class NoRoutes implements RoutingKeeper.RoutingTables {
        @Override
        public int add(RouteEntry route) {
            return 0;
        }

        @Override
        public int remove(RouteEntry route) {
            return 0;
        }

        @Override
        public int add(RuleEntry rule) {
            return 0;
        }

        @Override
        public int remove(RuleEntry rule) {
            return 0;
        }

        @Override
        public String describe(int failure) {
            return "";
        }
    }

    private static final class NobodyToTell implements EngineListener {
        @Override
        public void stateChanged(
                InstanceSpec instance, VrrpState from, VrrpState to, TransitionReason reason, String detail) {}

        @Override
        public void groupChanged(String group, VrrpState from, VrrpState to) {}

        @Override
        public void rejected(String instance, RejectReason reason, String detail) {}

        @Override
        public void vipConflict(InstanceSpec instance, VipConflict conflict) {}

        @Override
        public void vipConflictEnded(InstanceSpec instance, VipConflict conflict) {}

        @Override
        public void trouble(String instance, String message) {}
    }
}
