package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.raw.Outbox;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpAction;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.AddressClaim;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One virtual router on this host: feeds its state machine with datagrams, deadlines and faults, and carries out what it
 * answers. For the event loop alone. Nothing that goes wrong here leaves it: it is told as trouble, and the loop goes on.
 */
final class Instance {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    /** A loop that is this late has not been running. */
    private static final long LATE_NANOS = 5_000_000;

    /**
     * In so many groups, spread over an interval, the MASTERs of one interval advertise. To wake up costs this host as much
     * as several adverts. All at once would be worse: 255 of them fill the socket of a receiver that keeps the kernel's
     * default for its size, and a take-over that comes meanwhile waits for them.
     */
    private static final int BEATS = 2;

    private static final VrrpState[] STATES = VrrpState.values();

    private final Host host;
    private final InterfacePort port;
    private final VirtualRouter router;
    private final Footing footing;
    private final InstanceAddresses addresses;
    private final Announcer announcer;
    private final ConflictProbe conflicts;
    private final DeviceClaims claims;
    private final AdvertSigner signer;
    private final AdvertSender sender;
    private final Heard heard;
    private final HandOverWatch handOvers;
    private final Troubles troubles;
    private final Rejections rejections = new Rejections();
    private final long[] transitions = new long[STATES.length];
    private final List<Timer> timers;
    private @Nullable RunningGroup group;

    private InstanceSpec spec;
    private AdvertFilter filter;
    private @Nullable EffectivePriority trackers;
    private boolean faulty;
    private String toldFaults = "";
    private boolean addressesAgree = true;

    private long now;

    /** Whether anything but adverts came of it since the role's timer expired. */
    private boolean changed;

    /** Whether what it says is a MASTER's next advert, which leaves together with those of others. */
    private boolean onBeat;

    private VrrpAction.@Nullable StateChanged untold;
    private Instant since = Instant.now();
    private TransitionReason reason = TransitionReason.STARTED;

    Instance(Host host, InterfacePort port, InstanceSpec spec) {
        this.host = host;
        this.port = port;
        this.spec = spec;
        this.filter = new AdvertFilter(spec);
        this.signer = new AdvertSigner(spec);
        this.sender = new AdvertSender(signer, host.outbox(), this::advertFailed);
        this.heard = new Heard(spec.family());
        this.troubles = new Troubles(host.listener(), spec.name());
        this.footing = new Footing(host, port, spec);
        this.addresses = new InstanceAddresses(host, footing, troubles, spec);
        this.announcer = new Announcer(host, this);
        this.conflicts = new ConflictProbe(host);
        this.claims = new DeviceClaims(host, this);
        this.router = new VirtualRouter(settings(spec, null), this::carryOut);
        this.handOvers = new HandOverWatch(router);
        this.timers = List.of(
                new RoleTimer(),
                new WorkTimer(announcer::deadlineNanos, () -> announcer.announceDue(now)),
                new WorkTimer(footing::retryAtNanos, this::lookAgain),
                new WorkTimer(addresses::retryAtNanos, this::lookAgain),
                new WorkTimer(addresses::renewAtNanos, this::renewAddresses),
                new WorkTimer(conflicts::probeAtNanos, this::probe));
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
                spec.initialState(),
                spec.rivals().lowerPriorityNoAdvert(),
                spec.rivals().higherPrioritySendAdvert(),
                phaseNanos(spec));
    }

    /** Those that share a beat differ by nanoseconds, so that they always come in the same order ({@link Outbox}). */
    private static long phaseNanos(InstanceSpec spec) {
        int vrid = spec.virtualRouterId();
        return spec.advertInterval().toNanos() / BEATS * (vrid % BEATS) + vrid;
    }

    InstanceSpec spec() {
        return spec;
    }

    /** Its state machine, for its sync group alone. */
    VirtualRouter router() {
        return router;
    }

    /** Whether it is MASTER and wants to stay it: one that hands over says and asks nothing more. */
    boolean isMaster() {
        return hasRole() && !router.isHandingOver();
    }

    private boolean hasRole() {
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
        turn(this::lookAgain);
    }

    private void lookAgain() {
        followLink();
        keepAddresses();
        prepareAdverts();
    }

    /**
     * Before {@link #reconfigure} of any instance: releases what its next spec does not have. Later would be
     * too late, for another instance may hold it by then.
     */
    void giveUp(InstanceSpec next) {
        turn(() -> addresses.giveUp(now, next));
    }

    /** Another spec for the same virtual router, after {@link #giveUp}: what stays is not touched. */
    void reconfigure(InstanceSpec changed) {
        turn(() -> {
            if (changed.priority() != spec.priority() && trackers != null) {
                // It was reckoned from the old priority; the trackers' owner will tell anew.
                trackers = new EffectivePriority(changed.priority(), trackers.faults());
            }
            List<VipAddress> before = addresses.all();
            spec = changed;
            announcer.configure();
            filter = new AdvertFilter(changed);
            signer.configure(changed);
            addressesAgree = true;
            sender.forget();
            addresses.configure(changed);
            port.specChanged();
            followLink();
            router.reconfigure(now, settings(changed, footing.source()));
            router.standForElection(now);
            if (hasRole()) {
                addresses.hold(now);
            }
            keepAddresses();
            if (isMaster() && !before.containsAll(addresses.all())) {
                announcer.start(now);
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

    // ---- Its sync group

    void joined(RunningGroup joined) {
        group = joined;
    }

    /** Goes on alone, if it was in a group. */
    void leaveGroup() {
        if (group != null) {
            group = null;
            turn(() -> router.leaveGroup(now));
        }
    }

    /** The instances that hand over with this one: its sync group, or it alone. */
    List<Instance> together() {
        return group == null ? List.of(this) : group.members();
    }

    /** Whatever its state machine is told next comes from its group. */
    void groupActs(long at) {
        now = at;
    }

    /** Its group has told it what it had to. */
    void groupActed() {
        tellAndUpdate();
    }

    void drainPort() {
        port.drain();
    }

    /** This host loses it: its group must not see that as a MASTER that is gone, so those who stay form another one. */
    void takeGroupApart() {
        if (group != null) {
            group.takeApart();
        }
    }

    /** A reload that changes nothing here but one thing: after a hand-over it stands for election again. */
    void reloaded() {
        if (router.obeysAnyMaster()) {
            turn(() -> router.standForElection(now));
        }
    }

    /**
     * Has another host take over, if it is MASTER. The instances of {@link #together} are to be told in the same turn.
     *
     * @return completes on the loop when it is over
     */
    CompletableFuture<HandOverResult> handOver() {
        if (!hasRole()) {
            return CompletableFuture.completedFuture(
                    HandOverResult.refused(spec.name(), HandOverResult.Outcome.NOT_MASTER, router.state()));
        }
        if (addresses.areOwn()) {
            return CompletableFuture.completedFuture(
                    HandOverResult.refused(spec.name(), HandOverResult.Outcome.OWN_ADDRESSES, router.state()));
        }
        return handOver(() -> router.handOver(now));
    }

    /** Leaves for good: with a hand-over if it is MASTER, and only done when that is over. */
    CompletableFuture<HandOverResult> leave() {
        return handOver(() -> router.leave(now));
    }

    private CompletableFuture<HandOverResult> handOver(Runnable order) {
        CompletableFuture<HandOverResult> result = handOvers.begin(EngineLoop.now(), addresses.all());
        turn(order);
        return result;
    }

    /** Leaves for good and at once: resigns, releases and forgets its timers. */
    void stop() {
        turn(() -> router.stop(now));
        claims.close();
        addresses.close();
        timers.forEach(host.deadlines()::remove);
        sender.forget();
        footing.close();
    }

    /** Whether an HMAC trailer behind an advertisement is no wrong length. */
    boolean understandsTrailers() {
        return signer.understandsTrailers();
    }

    /**
     * A well-formed advertisement with our virtual router id; no allocation on the way through.
     *
     * @param arrived when it came to this host, a little before {@code at}: what Master_Down_Interval is counted from
     */
    void advertReceived(
            long at, long arrived, AdvertisementReader advert, IpFamily family, long sourceHigh, long sourceLow) {
        boolean known = heard.isFrom(sourceHigh, sourceLow);
        RejectReason refused = filter.check(advert, family, sourceHigh, sourceLow, known);
        if (refused == null) {
            // Last, because it costs most and remembers the sender.
            refused = signer.verify(advert, sourceHigh, sourceLow);
        }
        if (refused != null) {
            reject(at, refused, sourceHigh, sourceLow, AdvertisementCodec.HOP_LIMIT);
            return;
        }
        now = at;
        heard.remember(at, sourceHigh, sourceLow, advert.priority());
        try {
            if (filter.comparesAddresses(known)) {
                compareAddresses(advert);
            }
            router.advertReceived(arrived, advert.priority(), family, sourceHigh, sourceLow, advert.intervalNanos());
        } catch (RuntimeException e) {
            failed(e);
        }
        settle();
    }

    /** What is judged of a datagram before it is read; null, or why it is refused. */
    @Nullable
    RejectReason checkPath(RawSocket from) {
        return filter.checkPath(
                spec.family(),
                from.sourceHigh(),
                from.sourceLow(),
                from.destinationHigh(),
                from.destinationLow(),
                from.hopLimit());
    }

    /** The addresses that it announces, and whose claims by others it wants to hear of. */
    List<VipAddress> addresses() {
        return addresses.all();
    }

    /** Another host claims an address, by ARP or neighbour discovery. */
    void claimed(AddressClaim claim) {
        if (!router.holdsAddresses()
                || addresses.all().stream().noneMatch(vip -> vip.address().equals(claim.address()))) {
            return;
        }
        turn(() -> {
            if (handOvers.isRunning()) {
                // Another interface of this host may claim them, too; that is no successor.
                if (!host.network().hasMac(claim.mac())) {
                    handOvers.claimed(now, claim.address());
                }
            } else if (isMaster() && conflicts.heard(now, spec, claim)) {
                announcer.again(now);
            }
        });
    }

    /** Counts a refused datagram, and tells of it now and then. */
    void reject(long at, RejectReason refused, long sourceHigh, long sourceLow, int ttl) {
        if (rejections.count(refused, at)) {
            String detail = "from " + new IpAddress(spec.family(), sourceHigh, sourceLow);
            host.listener()
                    .rejected(spec.name(), refused, refused == RejectReason.TTL ? detail + ", TTL " + ttl : detail);
        }
    }

    private void compareAddresses(AdvertisementReader advert) {
        boolean agree = filter.addressesAgree(advert);
        if (agree != addressesAgree) {
            addressesAgree = agree;
            if (!agree) {
                trouble(heard.from() + " advertises " + advert.toAdvertisement().addresses() + ", not "
                        + spec.addresses().stream().map(VipAddress::address).toList());
            }
        }
    }

    /** Does something in a turn of this instance's: the state machine first, and what moved is told afterwards. */
    void turn(Runnable work) {
        now = EngineLoop.now();
        try {
            catchUp();
            work.run();
            prepareAdverts();
        } catch (RuntimeException e) {
            failed(e);
        }
        settle();
    }

    private void failed(RuntimeException e) {
        LOG.error("({}) a turn failed", spec.name(), e);
        trouble("an unexpected " + e);
    }

    /** The end of a turn: deadlines have moved, what happened is told when it is all done, and the group follows. */
    private void settle() {
        tellAndUpdate();
        RunningGroup members = group;
        if (members != null) {
            try {
                members.settle(now);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    private void tellAndUpdate() {
        tellTransition();
        handOvers.settle(now, spec.name(), heard);
        DeadlineQueue deadlines = host.deadlines();
        // By index: an iterator would be garbage for each packet.
        for (int i = 0; i < timers.size(); i++) {
            deadlines.update(timers.get(i));
        }
    }

    // ---- Faults and the link

    private void followLink() {
        claims.follow(spec);
        if (footing.look(now, spec)) {
            sender.forget();
            router.reconfigure(now, settings(spec, footing.source()));
        }
        judgeFaults();
        if (isMaster()) {
            raise();
        }
    }

    /** A virtual MAC is up while MASTER: before the first advert, and again if somebody set it down. */
    private void raise() {
        int failure = footing.raise();
        if (failure < 0) {
            trouble("its virtual MAC could not be set up: " + Errno.describe(failure));
        }
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        String link = footing.fault();
        if (link != null) {
            faults.add(link);
        }
        if (trackers != null) {
            faults.addAll(trackers.faults());
        }
        return faults;
    }

    /** Why it is in FAULT: its own faults, or those of the members of its group that have some. */
    private List<String> faultsToTell() {
        return faulty || router.state() != VrrpState.FAULT
                ? faults()
                : together().stream()
                        .filter(member -> member.faulty)
                        .map(member ->
                                "its sync group: (" + member.spec.name() + ") " + String.join("; ", member.faults()))
                        .toList();
    }

    private void judgeFaults() {
        boolean noFooting = footing.fault() != null;
        boolean wasFaulty = faulty;
        faulty = noFooting || (trackers != null && !trackers.faults().isEmpty());
        if (faulty && !wasFaulty) {
            router.faultRaised(now, noFooting ? TransitionReason.INTERFACE_DOWN : TransitionReason.TRACKER_FAILED);
        } else if (!faulty && wasFaulty) {
            router.faultCleared(now);
        }
        String text = String.join("; ", faults());
        if (faulty && wasFaulty && !text.equals(toldFaults)) {
            trouble("is in FAULT for another reason now: " + text);
        }
        toldFaults = text;
    }

    // ---- What the state machine asks for

    private void carryOut(VrrpAction action) {
        if (action instanceof VrrpAction.SendAdvert advert) {
            // Apart from the rest: a switch over types is slow without the second compiler, which this process has not.
            sendAdvert(advert.priority());
        } else {
            changed = true;
            // What it said before goes out before.
            host.outbox().flush();
            change(action);
        }
    }

    private void change(VrrpAction action) {
        switch (action) {
            case VrrpAction.SendAdvert _ -> {}
            case VrrpAction.AcquireAddresses _ -> {
                raise();
                addresses.hold(now);
                conflicts.start(now);
            }
            case VrrpAction.ReleaseAddresses _ -> {
                announcer.cancel();
                addresses.release(now);
                footing.lower();
                conflicts.stop(spec);
            }
            case VrrpAction.Announce _ -> announcer.again(now);
            case VrrpAction.StateChanged changed -> {
                if (changed.to() == VrrpState.MASTER) {
                    // It may have the addresses still, from before a hand-over; the neighbours were told otherwise
                    // since.
                    announcer.cancel();
                }
                tellTransition();
                untold = changed;
                reason = changed.reason();
                since = Instant.now();
                transitions[changed.to().code()]++;
            }
        }
    }

    private void sendAdvert(int priority) {
        RawSocket socket = footing.socket();
        IpAddress from = footing.source();
        if (socket == null || from == null || !footing.canSpeak()) {
            return;
        }
        raise();
        if (onBeat) {
            sender.post(spec, socket, from, footing.sendIfindex(), priority);
        } else {
            // At once, and apart from what may wait of this instance: the same bytes, which are signed anew.
            host.outbox().flush();
            sender.post(spec, socket, from, footing.sendIfindex(), priority);
            host.outbox().flush();
        }
    }

    private void advertFailed(int failure) {
        // The right to send was there when the socket was opened.
        String cause = Errno.EPERM.is(failure)
                ? "EPERM, a packet filter of this host (nftables, iptables) drops IP protocol 112"
                : Errno.describe(failure);
        trouble("an advertisement could not be sent on " + spec.interfaceName() + ": " + cause);
    }

    /** Has them ready before they are needed: a take-over must not wait for them. */
    private void prepareAdverts() {
        IpAddress from = footing.source();
        if (from != null && footing.canSpeak() && router.state() != VrrpState.INIT) {
            sender.prepare(spec, from, footing.sendIfindex(), router.effectivePriority());
        }
    }

    private void keepAddresses() {
        if (router.holdsAddresses() && !hasRole()) {
            // Beside a successor: what is there stays for a moment, and nothing is put back.
            addresses.leaveAsTheyAre();
            return;
        }
        if (!router.holdsAddresses()) {
            // Somebody else may have set it up: it must not speak while another host has the role.
            footing.lower();
        }
        if (addresses.mend(now, hasRole())) {
            announcer.start(now);
        }
    }

    private void renewAddresses() {
        // The kernel adds an address that is gone, so this must never come after a release.
        if (router.holdsAddresses()) {
            addresses.renew(now);
        }
    }

    private void probe() {
        if (router.holdsAddresses() && !isMaster()) {
            // In a hand-over it is no conflict that another one has them too.
            conflicts.start(now);
        } else if (isMaster() && conflicts.probe(now, spec, addresses.all())) {
            // Some neighbours still go by what the other one said last.
            announcer.start(now);
        }
    }

    /** Whether somebody else is known to hold its addresses, too. */
    boolean isContested() {
        return conflicts.isOpen();
    }

    /** An announcement could not be sent. */
    void announceFailed(VipAddress vip, int failure) {
        trouble("its addresses could not be announced on " + spec.deviceOf(vip) + ": " + Errno.describe(failure));
    }

    // ---- What it tells

    private void tellTransition() {
        VrrpAction.StateChanged changed = untold;
        if (changed != null) {
            untold = null;
            host.listener().stateChanged(spec, changed.from(), changed.to(), changed.reason(), detail(changed));
        }
    }

    private String detail(VrrpAction.StateChanged changed) {
        return switch (changed.reason()) {
            case INTERFACE_DOWN, TRACKER_FAILED -> String.join("; ", faults());
            case SYNC_GROUP -> changed.to() == VrrpState.FAULT ? String.join("; ", faultsToTell()) : "";
            case STOPPED ->
                router.holdsAddresses()
                        ? heard.detail(TransitionReason.HANDED_OVER, now)
                        : changed.from() == VrrpState.MASTER && handOvers.isWithoutSuccessor()
                                ? "nobody took over"
                                : "";
            default -> heard.detail(changed.reason(), now);
        };
    }

    private void trouble(String message) {
        troubles.tell(now, message);
    }

    InstanceStatus status() {
        Map<VrrpState, Long> entered = new EnumMap<>(VrrpState.class);
        for (VrrpState state : STATES) {
            entered.put(state, transitions[state.code()]);
        }
        boolean master = hasRole();
        return new InstanceStatus(
                spec,
                router.state(),
                since,
                reason,
                router.effectivePriority(),
                master ? Optional.ofNullable(footing.source()) : heard.sender(),
                master ? router.effectivePriority() : heard.priority(),
                addresses.held(),
                faultsToTell(),
                sender.sent(),
                heard.count(),
                sender.resignations(),
                heard.resignations(),
                rejections.counts(),
                conflicts.current(),
                conflicts.found(),
                entered);
    }

    // ---- Its deadlines

    /**
     * The state machine comes first in each turn: after a stall of this host another router may have the role, and then
     * nothing may be announced, renewed or put back before the state machine has noticed. What others said meanwhile waits
     * in the socket and is heard before anybody is judged silent.
     */
    private void catchUp() {
        long at = now;
        long lateNanos = at - router.deadlineNanos();
        if (lateNanos < 0) {
            return;
        }
        // A MASTER that is in time need not listen first: that would cost a system call for each advert.
        if (!isMaster() || lateNanos > LATE_NANOS) {
            drain();
        }
        now = at;
        onBeat = isMaster();
        try {
            router.timerExpired(at);
        } finally {
            onBeat = false;
        }
    }

    private void drain() {
        RunningGroup members = group;
        if (members != null) {
            members.drain();
        } else {
            port.drain();
        }
    }

    /** The state machine's own. A MASTER's advert may be a moment late; a BACKUP that takes over is waited for by everybody. */
    private final class RoleTimer extends Timer {
        @Override
        long deadlineNanos() {
            return router.deadlineNanos();
        }

        @Override
        boolean isPressing() {
            return router.state() == VrrpState.BACKUP;
        }

        @Override
        void approach(long at) {
            host.lastRehearsal().accept(spec.family(), at);
        }

        /**
         * Mostly it is a MASTER's next advert, which moves this deadline alone, and the queue asks for that anyway: to look
         * at all the others would cost more than the advert.
         */
        @Override
        void expire(long at) {
            boolean master = isMaster();
            changed = false;
            run(at);
            if (changed || !master || !isMaster()) {
                settle();
            }
        }

        /** The state machine has had its turn, and that is all. */
        @Override
        void work() {}
    }

    /** What else waits for a time, and what to do when it comes. */
    private final class WorkTimer extends Timer {
        private final LongSupplier deadline;
        private final Runnable work;

        WorkTimer(LongSupplier deadline, Runnable work) {
            this.deadline = deadline;
            this.work = work;
        }

        @Override
        long deadlineNanos() {
            return deadline.getAsLong();
        }

        @Override
        void expire(long at) {
            run(at);
            settle();
        }

        @Override
        void work() {
            work.run();
        }
    }

    /** One of its deadlines. */
    private abstract class Timer extends DeadlineQueue.Entry {
        /** What to do when it comes, after the state machine. */
        abstract void work();

        final void run(long at) {
            now = at;
            try {
                catchUp();
                work();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }
}
