package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ArpSocket;
import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.AddressRequest;
import dev.holdfast.vrrp.engine.netlink.RouteEntry;
import dev.holdfast.vrrp.engine.netlink.RouteEvents;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import dev.holdfast.vrrp.engine.netlink.RuleEntry;
import dev.holdfast.vrrp.engine.raw.Outbox;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All instances of this host and the sockets they share. For the event loop alone. */
final class HostRouters {
    private static final Logger LOG = LoggerFactory.getLogger(HostRouters.class);

    private record PortKey(String interfaceName, IpFamily family) {}

    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

    private final EngineLoop loop;
    private final Arena arena;
    private final RouteRequests requests;
    private final RouteRequests renewals;
    private final RouteEvents events;
    private final Watches.Watch eventsWatch;
    private final ArpSocket arp;
    private final HostNetwork network = new HostNetwork();
    private final LinkWatch linkWatch = new LinkWatch();
    private final Host host;
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Map<PortKey, InterfacePort> ports = new HashMap<>();
    private final Set<IpAddress> virtual = new HashSet<>();
    private final LookAgain lookAgain = new LookAgain();
    private final SyncGroups groups;
    private final StartUpDelay startUpDelay;
    private @Nullable LastRehearsal lastRehearsal;
    private boolean stopped;

    /** Whether what an earlier run may have left behind is gone: routes have no lifetime, unlike addresses. */
    private boolean cleared;

    private HostRouters(EngineLoop loop, SafeListener listener, Arena arena) {
        this.loop = loop;
        this.arena = arena;
        Libc libc = new Libc(arena);
        // First, because it needs what is most often missing: CAP_NET_RAW.
        this.arp = new ArpSocket(libc, arena);
        this.requests = new RouteRequests(libc, arena);
        this.renewals = new RouteRequests(libc, arena);
        this.events = new RouteEvents(libc, arena);
        events.ignoreRenewalsBy(renewals);
        Outbox outbox = new Outbox(libc, arena);
        loop.atEndOfTurn(outbox::flush);
        loop.openTimer(libc, arena);
        this.eventsWatch = loop.watch(events.fd(), this::takeEvents);
        VipKeeper vips = new VipKeeper(network, new VipKeeper.AddressTable() {
            @Override
            public int add(AddressRequest address) {
                return requests.addAddress(address);
            }

            @Override
            public int renew(AddressRequest address) {
                return renewals.renewAddress(address);
            }

            @Override
            public int remove(int ifindex, IpAddress address, int prefixLength) {
                return requests.removeAddress(ifindex, address, prefixLength);
            }
        });
        this.host = new Host(
                libc,
                loop.deadlines(),
                loop,
                Sockets.of(libc),
                outbox,
                network,
                vips,
                routingTables(),
                new SecondaryPromotion(Path.of("/")),
                arp,
                new AnnouncePacer(loop.deadlines()),
                requests,
                new ArpSettings(requests),
                listener,
                this::isVirtual,
                this::takeOverComes);
        this.groups = new SyncGroups(listener);
        this.startUpDelay =
                new StartUpDelay(loop.deadlines(), () -> instances.values().forEach(Instance::start));
    }

    private RoutingKeeper.RoutingTables routingTables() {
        return new RoutingKeeper.RoutingTables() {
            @Override
            public int add(RouteEntry route) {
                return requests.addRoute(route);
            }

            @Override
            public int remove(RouteEntry route) {
                return requests.removeRoute(route);
            }

            @Override
            public int add(RuleEntry rule) {
                return requests.addRule(rule);
            }

            @Override
            public int remove(RuleEntry rule) {
                return requests.removeRule(rule);
            }

            @Override
            public String describe(int failure) {
                return requests.describe(failure);
            }
        };
    }

    /**
     * Opens what all instances share, and checks the rights.
     *
     * @throws EngineException with the reason, if this process can't do the work
     */
    static HostRouters open(EngineLoop loop, EngineListener listener) {
        Arena arena = Arena.ofConfined();
        try {
            HostRouters routers = new HostRouters(loop, new SafeListener(listener), arena);
            routers.requireRights();
            routers.lookAtEverything();
            return routers;
        } catch (SystemCallException e) {
            throw new EngineException("VRRP can't run here: " + e.getMessage(), e);
        }
    }

    /** A change that the kernel can't carry out, but refuses for another reason where the right to do it is missing. */
    private void requireRights() {
        IpAddress documentation = IpAddress.parse("192.0.2.1");
        int result = requests.removeAddress(Integer.MAX_VALUE, documentation, 32);
        if (Errno.EPERM.is(result)) {
            throw new SystemCallException("addresses of this host cannot be changed", result);
        }
    }

    // ---- What the host has

    private void takeEvents() {
        boolean[] changed = {false};
        boolean complete = events.drain(message -> changed[0] |= network.accept(message));
        if (!complete) {
            lookAgain.expire(EngineLoop.now());
        } else if (changed[0]) {
            linkWatch.look(network, host.listener());
            instances.values().forEach(Instance::hostChanged);
        }
    }

    /** What was known stays until everything new has been read. */
    private void lookAtEverything() {
        List<RouteMessage> seen = new ArrayList<>();
        int links = requests.links(link -> seen.add(new RouteMessage.LinkIs(link)));
        int addresses = requests.addresses(address -> seen.add(new RouteMessage.AddressIs(address)));
        int failure = Math.min(links, addresses);
        if (failure < 0) {
            throw new SystemCallException("links and addresses of this host cannot be read", failure);
        }
        network.clear();
        seen.forEach(network::accept);
        linkWatch.look(network, host.listener());
    }

    /** A new look at everything after messages were lost; again after a while for as long as the kernel refuses it. */
    private final class LookAgain extends DeadlineQueue.Entry {
        private long at = Long.MAX_VALUE;

        @Override
        long deadlineNanos() {
            return at;
        }

        @Override
        void expire(long now) {
            at = Long.MAX_VALUE;
            try {
                lookAtEverything();
                instances.values().forEach(Instance::hostChanged);
            } catch (SystemCallException e) {
                at = now + LOOK_AGAIN_NANOS;
                host.deadlines().update(this);
                instances.keySet().forEach(name -> host.listener().trouble(name, String.valueOf(e.getMessage())));
            }
        }
    }

    private boolean isVirtual(IpAddress address) {
        return virtual.contains(address);
    }

    private void takeOverComes(IpFamily family, long now) {
        if (lastRehearsal != null) {
            lastRehearsal.play(family, now);
        }
    }

    // ---- What is wanted

    /** See {@link VrrpEngine#apply}. */
    void apply(EngineSpec all) {
        if (stopped) {
            throw new EngineException("the engine is stopped");
        }
        SpecCheck.check(all);
        List<InstanceSpec> specs = all.instances();
        Map<String, InstanceSpec> wanted = new LinkedHashMap<>();
        specs.forEach(spec -> wanted.put(spec.name(), spec));
        virtual.clear();
        for (InstanceSpec spec : specs) {
            spec.addresses().forEach(vip -> virtual.add(vip.address()));
            spec.excludedAddresses().forEach(vip -> virtual.add(vip.address()));
        }

        if (!cleared) {
            cleared = true;
            int left = requests.removeRoutesAndRules();
            if (left > 0) {
                LOG.warn("removed {} routes and rules that an earlier run had left behind", left);
            }
        }

        // Who leaves goes first, so that what it held is free for the others.
        for (Instance instance : List.copyOf(instances.values())) {
            InstanceSpec changed = wanted.get(instance.spec().name());
            if (changed == null || !isSameRouter(changed, instance.spec())) {
                end(instance);
            }
        }
        VirtualLink.removeLeftovers(host, specs);
        for (Instance instance : List.copyOf(instances.values())) {
            InstanceSpec changed = wanted.get(instance.spec().name());
            if (changed != null && !instance.spec().equals(changed)) {
                instance.giveUp(changed);
            }
        }
        Map<String, Instance> running = new LinkedHashMap<>(instances);
        instances.clear();
        List<Instance> fresh = new ArrayList<>();
        wanted.forEach((name, spec) -> {
            Instance instance = running.get(name);
            if (instance == null) {
                instance = make(spec);
                fresh.add(instance);
            } else if (!instance.spec().equals(spec)) {
                instance.reconfigure(spec);
            } else {
                instance.reloaded();
            }
            instances.put(name, instance);
        });
        groups.form(all.groups(), instances);
        boolean begun = startUpDelay.set(all.startupDelay(), EngineLoop.now());
        // Until then they hear who is there, and say nothing.
        fresh.forEach(begun ? Instance::start : Instance::hostChanged);
    }

    /** Whether it is the same virtual router of the protocol, which then goes on with the other values. */
    private static boolean isSameRouter(InstanceSpec one, InstanceSpec other) {
        return one.virtualRouterId() == other.virtualRouterId()
                && one.family() == other.family()
                && one.interfaceName().equals(other.interfaceName())
                && one.virtualMac().equals(other.virtualMac());
    }

    private Instance make(InstanceSpec spec) {
        InterfacePort port =
                ports.computeIfAbsent(keyOf(spec), key -> new InterfacePort(host, key.interfaceName(), key.family()));
        Instance instance = new Instance(host, port, spec);
        port.attach(instance);
        return instance;
    }

    private void end(Instance instance) {
        instance.takeGroupApart();
        instance.stop();
        instances.remove(instance.spec().name());
        PortKey key = keyOf(instance.spec());
        InterfacePort port = ports.get(key);
        if (port != null && port.detach(instance)) {
            port.close();
            ports.remove(key);
        }
    }

    private static PortKey keyOf(InstanceSpec spec) {
        return new PortKey(spec.interfaceName(), spec.family());
    }

    /** See {@link VrrpEngine#limitAnnouncements}. */
    void limitAnnouncements(int framesPerSecond) {
        host.pacer().limit(framesPerSecond);
    }

    /**
     * From now on each take-over is rehearsed right before it comes.
     *
     * @throws SystemCallException if the kernel refuses a socket
     */
    void rehearseLast() {
        if (!stopped && lastRehearsal == null) {
            lastRehearsal = new LastRehearsal(loop.deadlines());
        }
    }

    void track(String name, EffectivePriority outcome) {
        Instance instance = instances.get(name);
        if (instance != null) {
            instance.track(outcome);
        }
    }

    /** See {@link VrrpEngine#handOver}. */
    CompletableFuture<List<HandOverResult>> handOver(Optional<String> name) {
        if (name.isEmpty()) {
            return all(instances.values().stream().filter(Instance::isMaster).map(Instance::handOver));
        }
        Instance instance = instances.get(name.get());
        if (instance == null) {
            throw new IllegalArgumentException(
                    "there is no instance " + name.get() + "; there are: " + String.join(", ", instances.keySet()));
        }
        return all(instance.together().stream().map(Instance::handOver));
    }

    /** Every instance leaves for good, those that are MASTER with a hand-over; completes when the last one is gone. */
    CompletableFuture<List<HandOverResult>> leave() {
        return all(instances.values().stream().map(Instance::leave));
    }

    private static CompletableFuture<List<HandOverResult>> all(Stream<CompletableFuture<HandOverResult>> started) {
        List<CompletableFuture<HandOverResult>> results = started.toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(_ -> results.stream().map(CompletableFuture::join).toList());
    }

    // ---- What is

    List<InstanceStatus> status() {
        return instances.values().stream().map(Instance::status).toList();
    }

    EngineStatus engineStatus() {
        return new EngineStatus(groups.status(), startUpDelay.endsAt(EngineLoop.now()));
    }

    Map<String, Map<RejectReason, Long>> rejectedByInterface() {
        Map<String, Map<RejectReason, Long>> byInterface = new HashMap<>();
        ports.forEach((key, port) -> byInterface.merge(key.interfaceName(), port.rejected(), HostRouters::sum));
        return byInterface;
    }

    private static Map<RejectReason, Long> sum(Map<RejectReason, Long> one, Map<RejectReason, Long> other) {
        Map<RejectReason, Long> both = new HashMap<>(one);
        other.forEach((reason, count) -> both.merge(reason, count, Long::sum));
        return both;
    }

    /** Resigns, releases and closes everything. */
    void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        groups.takeApart();
        List.copyOf(instances.values()).forEach(this::end);
        groups.ended();
        if (lastRehearsal != null) {
            lastRehearsal.close();
        }
        eventsWatch.end();
        events.close();
        requests.close();
        renewals.close();
        arp.close();
        loop.closeTimer();
        arena.close();
    }
}
