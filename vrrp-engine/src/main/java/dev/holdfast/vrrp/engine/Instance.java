package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.AnnounceSchedule;
import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.raw.AdvertFrames;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpAction;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual router on this host: feeds its state machine with datagrams, deadlines and faults, and carries out what it
 * answers. For the event loop alone. Nothing that goes wrong here leaves it: it is told as trouble, and the loop goes on.
 */
final class Instance {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final long RETRY_NANOS = 1_000_000_000;
    private static final long QUIET_NANOS = 10_000_000_000L;
    private static final VrrpState[] STATES = VrrpState.values();

    private final Host host;
    private final InterfacePort port;
    private final VirtualRouter router;
    private final AnnounceSchedule announcements = new AnnounceSchedule();
    private final Rejections rejections = new Rejections();
    private final long[] transitions = new long[STATES.length];
    private final DeadlineQueue.Entry routerTimer = new RouterTimer();
    private final DeadlineQueue.Entry announceTimer = new AnnounceTimer();
    private final RetryTimer retryTimer = new RetryTimer();

    private InstanceSpec spec;
    private AdvertFilter filter;
    private List<VipAddress> vips;
    private @Nullable EffectivePriority trackers;
    private @Nullable IpAddress source;
    private @Nullable String linkFault;
    private boolean faulty;
    private int ifindex;

    private @Nullable AdvertFrames frames;
    private @Nullable AdvertFrames resignation;
    private int framesPriority;

    private long now;
    private VrrpAction.@Nullable StateChanged untold;
    private Instant since = Instant.now();
    private TransitionReason reason = TransitionReason.STARTED;
    private boolean heard;
    private long heardAtNanos;
    private long heardHigh;
    private long heardLow;
    private int heardPriority;
    private long advertsSent;
    private long advertsReceived;
    private boolean addressesAgree = true;
    private @Nullable String lastTrouble;
    private long troubleQuietUntil;

    Instance(Host host, InterfacePort port, InstanceSpec spec) {
        this.host = host;
        this.port = port;
        this.spec = spec;
        this.filter = new AdvertFilter(spec);
        this.vips = allAddresses(spec);
        this.router = new VirtualRouter(settings(spec, null), this::carryOut);
    }

    private static List<VipAddress> allAddresses(InstanceSpec spec) {
        List<VipAddress> all = new ArrayList<>(spec.addresses());
        all.addAll(spec.excludedAddresses());
        return List.copyOf(all);
    }

    /**
     * The state machine's part of a spec.
     *
     * @param source the address that adverts come from; null while there is none, which is a fault, so nothing is sent
     * @throws IllegalArgumentException if a value is out of range
     */
    static RouterSettings settings(InstanceSpec spec, @Nullable IpAddress source) {
        return new RouterSettings(
                spec.version(),
                Objects.requireNonNullElseGet(source, () -> new IpAddress(spec.family(), 0, 0)),
                spec.priority(),
                spec.advertInterval().toNanos(),
                spec.preempt(),
                spec.preemptDelay().toNanos(),
                spec.initialState());
    }

    /**
     * What a spec makes an advert say.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    static Advertisement advertisement(InstanceSpec spec, int priority) {
        return new Advertisement(
                spec.version(),
                spec.virtualRouterId(),
                priority,
                spec.advertInterval().toNanos(),
                spec.addresses().stream().map(VipAddress::address).toList(),
                spec.authentication());
    }

    InstanceSpec spec() {
        return spec;
    }

    boolean isMaster() {
        return router.state() == VrrpState.MASTER;
    }

    // ---- What happens to it

    /** Looks at the link first, so that an instance that can't serve starts in FAULT. */
    void start() {
        turn(() -> {
            followLink();
            router.start(now);
            keepAddresses();
        });
    }

    /** Link or addresses of this host changed: compares what is with what should be. */
    void hostChanged() {
        turn(() -> {
            followLink();
            keepAddresses();
        });
    }

    /** Another spec for the same virtual router: what stays is not touched. */
    void reconfigure(InstanceSpec changed) {
        turn(() -> {
            List<VipAddress> before = vips;
            if (changed.priority() != spec.priority() && trackers != null) {
                // It was reckoned from the old priority; the trackers' owner will tell anew.
                trackers = new EffectivePriority(changed.priority(), trackers.faults());
            }
            spec = changed;
            filter = new AdvertFilter(changed);
            vips = allAddresses(changed);
            addressesAgree = true;
            forgetFrames();
            List<VipAddress> dropped =
                    before.stream().filter(vip -> !vips.contains(vip)).toList();
            tellRelease(host.vips().release(ifindex, dropped, isOwner()), false);
            followLink();
            router.reconfigure(now, settings(changed, source));
            if (isMaster()) {
                tellHold(host.vips().hold(ifindex, vips), false);
            }
            keepAddresses();
            if (isMaster() && !before.containsAll(vips)) {
                announcements.start(now);
                announceDue();
            }
        });
    }

    /** What the trackers make of it. */
    void track(EffectivePriority outcome) {
        turn(() -> {
            trackers = outcome;
            router.priorityChanged(now, outcome.priority());
            judgeFaults();
        });
    }

    /** Leaves for good: resigns, releases and forgets its timers. */
    void stop() {
        turn(() -> {
            router.stop(now);
        });
        host.loop().deadlines().remove(routerTimer);
        host.loop().deadlines().remove(announceTimer);
        host.loop().deadlines().remove(retryTimer);
        forgetFrames();
    }

    /** A well-formed advertisement with our virtual router id; no allocation on the way through. */
    void advertReceived(long at, AdvertisementReader advert, IpFamily family, long sourceHigh, long sourceLow) {
        RejectReason refused = filter.check(advert, family, sourceHigh, sourceLow);
        if (refused != null) {
            reject(at, refused, sourceLow, AdvertisementCodec.HOP_LIMIT);
            return;
        }
        now = at;
        advertsReceived++;
        heard = true;
        heardAtNanos = at;
        heardHigh = sourceHigh;
        heardLow = sourceLow;
        heardPriority = advert.priority();
        try {
            compareAddresses(advert);
            router.advertReceived(at, heardPriority, family, sourceHigh, sourceLow, advert.intervalNanos());
        } catch (RuntimeException e) {
            failed(e);
        }
        settle();
    }

    /** Counts a refused datagram, and tells of it now and then. */
    void reject(long at, RejectReason refused, long sourceLow, int ttl) {
        if (rejections.count(refused, at)) {
            String detail = "from " + new IpAddress(spec.family(), 0, sourceLow);
            host.listener()
                    .rejected(spec.name(), refused, refused == RejectReason.TTL ? detail + ", TTL " + ttl : detail);
        }
    }

    private void compareAddresses(AdvertisementReader advert) {
        boolean agree = filter.addressesAgree(advert);
        if (agree != addressesAgree) {
            addressesAgree = agree;
            if (!agree) {
                trouble(heardFrom() + " advertises " + advert.toAdvertisement().addresses() + ", not "
                        + spec.addresses());
            }
        }
    }

    private void turn(Runnable work) {
        now = EngineLoop.now();
        try {
            work.run();
            prepareFrames();
        } catch (RuntimeException e) {
            failed(e);
        }
        settle();
    }

    private void failed(RuntimeException e) {
        LOG.error("({}) a turn failed", spec.name(), e);
        trouble("an unexpected " + e);
    }

    /** The end of a turn: deadlines have moved, and what happened is told when it is all done. */
    private void settle() {
        DeadlineQueue deadlines = host.loop().deadlines();
        deadlines.update(routerTimer);
        deadlines.update(announceTimer);
        deadlines.update(retryTimer);
        tellTransition();
    }

    // ---- Faults and the link

    private void followLink() {
        Link link = host.network().link(spec.interfaceName());
        int index = link == null ? 0 : link.index();
        if (index != ifindex) {
            ifindex = index;
            forgetFrames();
        }
        port.follow(link);
        IpAddress found = link == null ? null : chooseSource(link);
        linkFault = judgeLink(link, found);
        if (found != null && !found.equals(source)) {
            source = found;
            forgetFrames();
            router.reconfigure(now, settings(spec, found));
        }
        judgeFaults();
    }

    private @Nullable String judgeLink(@Nullable Link link, @Nullable IpAddress found) {
        String name = spec.interfaceName();
        if (link == null) {
            return "interface " + name + " does not exist";
        }
        if (!link.isUp()) {
            return "interface " + name + " is down";
        }
        if (!link.hasCarrier()) {
            return "interface " + name + " has no carrier";
        }
        if (found == null) {
            return spec.transport()
                    .source()
                    .map(configured -> "source address " + configured + " is not on this host")
                    .orElse("interface " + name + " has no " + familyName()
                            + " address of its own to send advertisements from");
        }
        return port.fault();
    }

    private String familyName() {
        return spec.family() == IpFamily.IPV4 ? "IPv4" : "IPv6";
    }

    /** The configured address, or the interface's first that is not virtual; an owner's may be the virtual one itself. */
    private @Nullable IpAddress chooseSource(Link link) {
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
            if (!host.isVirtual().test(address)) {
                return address;
            }
            virtual = virtual == null && !entry.isOurs() ? address : virtual;
        }
        return isOwner() ? virtual : null;
    }

    private boolean isOwner() {
        return spec.priority() == RouterSettings.OWNER_PRIORITY;
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (linkFault != null) {
            faults.add(linkFault);
        }
        if (trackers != null) {
            faults.addAll(trackers.faults());
        }
        return faults;
    }

    private void judgeFaults() {
        boolean tracked = trackers != null && !trackers.faults().isEmpty();
        boolean wasFaulty = faulty;
        faulty = linkFault != null || tracked;
        if (faulty && !wasFaulty) {
            router.faultRaised(
                    now, linkFault != null ? TransitionReason.INTERFACE_DOWN : TransitionReason.TRACKER_FAILED);
        } else if (!faulty && wasFaulty) {
            router.faultCleared(now);
        }
    }

    // ---- What the state machine asks for

    private void carryOut(VrrpAction action) {
        switch (action) {
            case VrrpAction.SendAdvert advert -> sendAdvert(advert.priority());
            case VrrpAction.AcquireAddresses _ -> tellHold(host.vips().hold(ifindex, vips), false);
            case VrrpAction.ReleaseAddresses _ -> {
                announcements.cancel();
                tellRelease(host.vips().release(ifindex, vips, isOwner()), false);
            }
            case VrrpAction.Announce _ -> {
                announcements.start(now);
                announceDue();
            }
            case VrrpAction.StateChanged changed -> {
                tellTransition();
                untold = changed;
                reason = changed.reason();
                since = Instant.now();
                transitions[changed.to().code()]++;
            }
        }
    }

    private void sendAdvert(int priority) {
        RawSocket socket = port.socket();
        IpAddress from = source;
        if (socket == null || from == null || linkFault != null) {
            return;
        }
        int failure = frames(priority, from).send(socket);
        if (failure < 0) {
            trouble("an advertisement could not be sent on " + spec.interfaceName() + ": " + Errno.describe(failure));
        } else if (!destinations().isEmpty()) {
            advertsSent++;
        }
    }

    private AdvertFrames frames(int priority, IpAddress from) {
        if (priority == 0) {
            if (resignation == null) {
                resignation = new AdvertFrames(advertisement(spec, 0), from, destinations(), ifindex);
            }
            return resignation;
        }
        AdvertFrames current = frames;
        if (current == null || framesPriority != priority) {
            if (current != null) {
                current.close();
            }
            current = new AdvertFrames(advertisement(spec, priority), from, destinations(), ifindex);
            frames = current;
            framesPriority = priority;
        }
        return current;
    }

    /** Has them ready before they are needed: a take-over must not wait for them. */
    private void prepareFrames() {
        IpAddress from = source;
        if (from != null && linkFault == null && router.state() != VrrpState.INIT) {
            frames(router.effectivePriority(), from);
            frames(0, from);
        }
    }

    private List<IpAddress> destinations() {
        return switch (spec.transport()) {
            case Transport.Multicast _ -> MULTICAST;
            case Transport.Unicast unicast -> unicast.peers();
        };
    }

    private static final List<IpAddress> MULTICAST = List.of(AdvertisementCodec.GROUP_IPV4);

    private void forgetFrames() {
        if (frames != null) {
            frames.close();
            frames = null;
        }
        if (resignation != null) {
            resignation.close();
            resignation = null;
        }
    }

    /** Mends what somebody else did to the addresses, or what did not work before. */
    private void keepAddresses() {
        if (isMaster()) {
            VipKeeper.Outcome outcome = host.vips().hold(ifindex, vips);
            tellHold(outcome, true);
            if (!outcome.added().isEmpty()) {
                announcements.start(now);
                announceDue();
            }
        } else if (ifindex != 0) {
            tellRelease(host.vips().release(ifindex, vips, isOwner()), true);
        }
    }

    private void tellHold(VipKeeper.Outcome outcome, boolean mending) {
        if (mending && !outcome.added().isEmpty()) {
            trouble(join(outcome.added()) + " vanished from " + spec.interfaceName() + " while MASTER; put back");
        }
        tellFailures(outcome);
    }

    private void tellRelease(VipKeeper.Outcome outcome, boolean mending) {
        if (mending && !outcome.removed().isEmpty()) {
            trouble(join(outcome.removed()) + " was on " + spec.interfaceName()
                    + " although this host is not MASTER; removed");
        }
        tellFailures(outcome);
    }

    private static String join(List<?> addresses) {
        return addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void tellFailures(VipKeeper.Outcome outcome) {
        for (VipKeeper.Failure failure : outcome.failed()) {
            trouble(failure.address() + " could not be " + (failure.adding() ? "added to " : "removed from ")
                    + spec.interfaceName() + ": " + Errno.describe(failure.result()));
        }
        retryTimer.at = outcome.isComplete() ? Long.MAX_VALUE : now + RETRY_NANOS;
    }

    private void announceDue() {
        if (!announcements.take(now) || !isMaster()) {
            return;
        }
        Link link = host.network().link(spec.interfaceName());
        if (link == null || link.mac() == 0) {
            return;
        }
        byte[] mac = link.macBytes();
        int failure = 0;
        for (VipAddress vip : vips) {
            // Announcing what is not here would point the neighbours at nobody.
            if (vip.address().family() == IpFamily.IPV4 && host.network().has(ifindex, vip.address())) {
                failure = Math.min(failure, host.arp().announce(ifindex, mac, vip.address()));
            }
        }
        if (failure < 0) {
            trouble("gratuitous ARP could not be sent on " + spec.interfaceName() + ": " + Errno.describe(failure));
        }
    }

    // ---- What it tells

    private void tellTransition() {
        VrrpAction.StateChanged changed = untold;
        if (changed != null) {
            untold = null;
            host.listener()
                    .stateChanged(spec, changed.from(), changed.to(), changed.reason(), detail(changed.reason()));
        }
    }

    private String detail(TransitionReason why) {
        return switch (why) {
            case HIGHER_PRIORITY, HIGHER_ADDRESS, PREEMPTED_LOWER_PRIORITY ->
                heardFrom() + " has priority " + heardPriority;
            case MASTER_RESIGNED -> heardFrom() + " resigned";
            case MASTER_DOWN ->
                heard
                        ? String.format(
                                Locale.ROOT, "%s was last heard %.2f s ago", heardFrom(), (now - heardAtNanos) / 1e9)
                        : "nobody was heard";
            case INTERFACE_DOWN, TRACKER_FAILED -> String.join("; ", faults());
            case STARTED, ADDRESS_OWNER, STALLED, FAULT_CLEARED, RECONFIGURED, STOPPED -> "";
        };
    }

    private IpAddress heardFrom() {
        return new IpAddress(spec.family(), heardHigh, heardLow);
    }

    /** Tells of trouble; the same again only after a while. */
    private void trouble(String message) {
        if (!message.equals(lastTrouble) || now >= troubleQuietUntil) {
            lastTrouble = message;
            troubleQuietUntil = now + QUIET_NANOS;
            host.listener().trouble(spec.name(), message);
        }
    }

    InstanceStatus status() {
        Map<VrrpState, Long> entered = new EnumMap<>(VrrpState.class);
        for (VrrpState state : STATES) {
            entered.put(state, transitions[state.code()]);
        }
        boolean master = isMaster();
        Optional<IpAddress> other = heard ? Optional.of(heardFrom()) : Optional.empty();
        return new InstanceStatus(
                spec,
                router.state(),
                since,
                reason,
                router.effectivePriority(),
                master ? Optional.ofNullable(source) : other,
                master ? router.effectivePriority() : heardPriority,
                vips.stream()
                        .filter(vip -> ifindex != 0 && host.network().has(ifindex, vip.address()))
                        .toList(),
                faults(),
                advertsSent,
                advertsReceived,
                rejections.counts(),
                entered);
    }

    // ---- Its deadlines

    private final class RouterTimer extends DeadlineQueue.Entry {
        @Override
        long deadlineNanos() {
            return router.deadlineNanos();
        }

        @Override
        void expire(long at) {
            if (!isMaster()) {
                // After a stall of this host the MASTER's adverts wait in the socket: hear them before judging it
                // silent.
                port.drain();
            }
            now = at;
            try {
                router.timerExpired(at);
            } catch (RuntimeException e) {
                failed(e);
            }
            settle();
        }
    }

    private final class AnnounceTimer extends DeadlineQueue.Entry {
        @Override
        long deadlineNanos() {
            return announcements.deadlineNanos();
        }

        @Override
        void expire(long at) {
            now = at;
            try {
                announceDue();
            } catch (RuntimeException e) {
                failed(e);
            }
            settle();
        }
    }

    /** Asks again for what the kernel refused. */
    private final class RetryTimer extends DeadlineQueue.Entry {
        private long at = Long.MAX_VALUE;

        @Override
        long deadlineNanos() {
            return at;
        }

        @Override
        void expire(long when) {
            at = Long.MAX_VALUE;
            hostChanged();
        }
    }
}
