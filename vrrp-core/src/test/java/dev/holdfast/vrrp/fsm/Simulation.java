package dev.holdfast.vrrp.fsm;

import dev.holdfast.vrrp.fsm.VrrpAction.AcquireAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.Announce;
import dev.holdfast.vrrp.fsm.VrrpAction.ReleaseAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.SendAdvert;
import dev.holdfast.vrrp.fsm.VrrpAction.StateChanged;
import dev.holdfast.vrrp.wire.Advertisement;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.AdvertisementReader;
import dev.holdfast.vrrp.wire.Authentication;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.RejectReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Some routers on one link that loses, delays, doubles and reorders adverts and falls apart, with clocks that drift, and with
 * whatever a {@link Schedule} has for them; all on a virtual clock. The state machine and the codec are the real ones. After
 * the trouble comes a quiet time, in which the routers have to agree, and then the MASTER is hit once more.
 *
 * <p>What is checked, beside what each host checks of its own router: after quiet exactly one MASTER in each connected part,
 * and none that another should have preempted; addresses with the MASTER alone; without trouble no gap longer than
 * Master_Down_Interval, and two MASTERs no longer than one advertisement interval; no change once all have agreed; no more
 * adverts than timers and events account for; no advert of a MASTER that slept.
 *
 * <p>In a planned hand-over: who has resigned neither advertises nor announces until it is MASTER anew. Who holds the
 * addresses and is not MASTER has handed over, and heard its successor no longer ago than
 * {@link VirtualRouter#ANNOUNCEMENT_NANOS} when it was last told anything. Once all is quiet, at no time between the order
 * and the successor's reign are the addresses with nobody, and who has handed over leaves the role with its successor.
 */
final class Simulation {
    /** Many times what any schedule needs. */
    private static final long MAX_STEPS = 100_000;

    private static final int PARTS = 3;
    private static final int CUT_OFF = 2;
    private static final IpAddress VIP = IpAddress.parse("10.9.9.9");

    private final Schedule schedule;
    private final Consumer<TransitionReason> transitions;
    private final @Nullable List<String> trace;
    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private final List<Host> hosts = new ArrayList<>();
    private final AdvertisementReader reader = new AdvertisementReader();
    private final long interval;
    private final long maxDelay;
    /** Any wait for a MASTER is shorter. */
    private final long longestWait;

    private long now;
    private long scheduled;
    private int lossPermille;
    private boolean slow;
    private long troubledUntil;
    private long lastTransition;
    private final long[] gapSince = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
    private final long[] crowdedSince = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};

    private record Step(long at, long order, Runnable action) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private Simulation(Schedule schedule, Consumer<TransitionReason> transitions, @Nullable List<String> trace) {
        this.schedule = schedule;
        this.transitions = transitions;
        this.trace = trace;
        interval = schedule.interval();
        maxDelay = schedule.maxDelay();
        longestWait = withDrift(4 * interval) + 2 * maxDelay;
        for (int i = 0; i < schedule.hosts().size(); i++) {
            hosts.add(new Host(i, schedule.hosts().get(i), schedule.driftPpm().get(i)));
        }
    }

    /**
     * Runs the schedule of this seed.
     *
     * @param transitions hears the reason of each change of state
     * @throws AssertionError if an invariant breaks; the message has the seed, the shortest list of troubles found that
     *     breaks one too, and what happened then
     */
    static void run(long seed, Consumer<TransitionReason> transitions) {
        Schedule schedule = Schedule.of(seed);
        try {
            new Simulation(schedule, transitions, null).run();
        } catch (AssertionError | RuntimeException first) {
            throw explain(schedule, first);
        }
    }

    private static AssertionError explain(Schedule schedule, Throwable first) {
        List<Trouble> shortest =
                Shrinker.shrink(schedule.troubles(), troubles -> failure(schedule.with(troubles), null) != null);
        Schedule shrunk = schedule.with(shortest);
        List<String> trace = new ArrayList<>();
        Throwable again = failure(shrunk, trace);
        List<String> tail = trace.subList(Math.max(0, trace.size() - 60), trace.size());
        return new AssertionError(
                "seed %d fails: %s%nShrunk from %d to %d troubles: %s%n%s%n%s"
                        .formatted(
                                schedule.seed(),
                                first.getMessage(),
                                schedule.troubles().size(),
                                shortest.size(),
                                again == null ? "fails only at times: not deterministic" : again.getMessage(),
                                shrunk,
                                String.join("\n", tail)),
                again == null ? first : again);
    }

    private static @Nullable Throwable failure(Schedule schedule, @Nullable List<String> trace) {
        try {
            new Simulation(schedule, _ -> {}, trace).run();
            return null;
        } catch (AssertionError | RuntimeException failure) {
            return failure;
        }
    }

    private void run() {
        for (Trouble trouble : schedule.troubles()) {
            schedule(trouble.at(), () -> happen(trouble.kind()));
        }
        long troubleEnds = Schedule.TROUBLE_INTERVALS * interval;
        runUntil(troubleEnds);
        lossPermille = 0;
        slow = false;
        hosts.forEach(Host::recover);
        troubledUntil = now + 2 * interval;

        long preemptDelay = hosts.stream()
                .mapToLong(h -> h.settings.preemptDelayNanos())
                .max()
                .orElseThrow();
        // A late advert, two waits of Master_Down, an advert to notice by, and the delay before a preemption.
        long settling = withDrift(14 * interval + preemptDelay);
        if (hosts.stream().anyMatch(h -> h.router.isHandingOver())) {
            settling += withDrift(longestHandOver());
        }
        settle(settling);
        switch (schedule.blow()) {
            case SLEEPING_BACKUPS -> letBackupsSleep();
            case LEAVE, HAND_OVER -> handOver();
            default -> strike();
        }
        settle(settling);
    }

    private long longestHandOver() {
        return hosts.stream()
                        .mapToLong(h -> 2 * HandOver.waitNanos(h.settings))
                        .max()
                        .orElseThrow()
                + VirtualRouter.ANNOUNCEMENT_NANOS
                + 4 * maxDelay;
    }

    private void settle(long settling) {
        long settled = now + settling;
        runUntil(settled);
        checkAgreement();
        runUntil(settled + 6 * interval);
        checkAgreement();
        check(lastTransition <= settled, "the state still changes long after the trouble");
    }

    private void runUntil(long end) {
        for (Step step = steps.peek(); step != null && step.at() <= end; step = steps.peek()) {
            steps.remove();
            now = step.at();
            step.action().run();
            check(scheduled < MAX_STEPS, "a storm of adverts");
            watch();
        }
        now = end;
        watch();
    }

    private void happen(Trouble.Kind kind) {
        note(kind);
        switch (kind) {
            case Trouble.Boot(int host) -> hosts.get(host).boot();
            case Trouble.Kill(int host) -> hosts.get(host).kill();
            case Trouble.ShutDown(int host) -> hosts.get(host).shutDown();
            case Trouble.Leave(int host) -> hosts.get(host).leave();
            case Trouble.HandOver(int host) -> hosts.get(host).happens(new VrrpEvent.HandOver());
            case Trouble.Stall(int host, long nanos) -> hosts.get(host).stall(nanos, true);
            case Trouble.Pause(int host, long nanos) -> hosts.get(host).stall(nanos, false);
            case Trouble.Split(int parts) -> hosts.forEach(h -> h.part = parts >> h.index & 1);
            case Trouble.Mend() -> hosts.forEach(h -> h.part = 0);
            case Trouble.Lose(int permille) -> lossPermille = permille;
            case Trouble.Slow(boolean on) -> slow = on;
            case Trouble.Deafen(int host) -> hosts.get(host).deaf = true;
            case Trouble.Mute(int host) -> hosts.get(host).mute = true;
            case Trouble.Unstop() -> hosts.forEach(Host::unstop);
            case Trouble.Fault(int host, boolean failed) ->
                hosts.get(host)
                        .happens(
                                failed
                                        ? new VrrpEvent.FaultRaised(TransitionReason.TRACKER_FAILED)
                                        : new VrrpEvent.FaultCleared());
            case Trouble.Priority(int host, int priority) -> {
                if (hosts.get(host).settings.priority() != RouterSettings.OWNER_PRIORITY) {
                    hosts.get(host).happens(new VrrpEvent.PriorityChanged(priority));
                }
            }
            case Trouble.Reload(int host, int intervals, boolean preempt) ->
                hosts.get(host).reload(intervals * schedule.shortest(), preempt);
        }
        // Adverts that are on their way while the link is slow arrive up to two intervals later.
        troubledUntil = Math.max(troubledUntil, now + 2 * interval);
    }

    /** Each connected part with a router that may serve has exactly one MASTER, and nobody there should preempt it. */
    private void checkAgreement() {
        for (int part = 0; part < PARTS; part++) {
            int here = part;
            List<Host> able =
                    hosts.stream().filter(h -> h.part == here && h.isAble()).toList();
            List<Host> masters = able.stream().filter(Host::isMaster).toList();
            if (able.isEmpty()) {
                continue;
            }
            check(masters.size() == 1, "part ", part, " has the masters ", masters, " among ", able);
            Host master = masters.getFirst();
            for (Host host : able) {
                int priority = host.router.effectivePriority();
                check(
                        priority <= master.router.effectivePriority()
                                || !host.router.settings().preempts(priority)
                                || host.router.obeysAnyMaster(),
                        host,
                        " should have preempted ",
                        master);
            }
        }
    }

    /** Hits a MASTER that others could follow, and checks that the next one is as quick as the protocol promises. */
    private void strike() {
        Host master =
                hosts.stream().filter(h -> h.isAble() && h.isMaster()).findAny().orElse(null);
        if (master == null) {
            return;
        }
        while (now - master.advertisedAt <= maxDelay) {
            // An advert still on its way could overtake the resignation and take it back.
            runUntil(now + maxDelay);
        }
        int part = master.part;
        note(schedule.blow() + " " + master);
        boolean resigns = switch (schedule.blow()) {
            case SHUT_DOWN, FAULT -> true;
            default -> false;
        };
        long wait = hosts.stream()
                .filter(h -> h != master && h.part == part && h.isAble())
                .mapToLong(h -> resigns ? h.skewNanos() : h.router.masterDownNanos())
                .min()
                .orElse(Long.MAX_VALUE);
        switch (schedule.blow()) {
            case NONE, SLEEPING_BACKUPS, LEAVE, HAND_OVER -> {}
            case KILL -> master.kill();
            case SHUT_DOWN -> master.shutDown();
            case FAULT -> master.happens(new VrrpEvent.FaultRaised(TransitionReason.TRACKER_FAILED));
            case STALL -> master.stall(withDrift(8 * interval), true);
            case PAUSE -> master.stall(withDrift(8 * interval), false);
            case CUT -> master.part = CUT_OFF;
        }
        if (wait == Long.MAX_VALUE) {
            return;
        }
        runUntil(now + withDrift(wait) + 2 * maxDelay);
        check(
                hosts.stream().anyMatch(h -> h.part == part && h.isAble() && h.isMaster()),
                "nobody followed ",
                master,
                " within ",
                wait,
                " ns");
    }

    /** Has a MASTER hand over or leave, and checks that the addresses are always with somebody. */
    private void handOver() {
        Host master =
                hosts.stream().filter(h -> h.isAble() && h.isMaster()).findAny().orElse(null);
        if (master == null) {
            return;
        }
        while (now - master.advertisedAt <= maxDelay) {
            runUntil(now + maxDelay);
        }
        int part = master.part;
        boolean forGood = schedule.blow() == Schedule.Blow.LEAVE;
        List<Host> others = hosts.stream()
                .filter(h -> h != master && h.part == part && h.isAble())
                .toList();
        long skew = others.stream().mapToLong(Host::skewNanos).min().orElse(Long.MAX_VALUE);
        note(schedule.blow() + " " + master);
        if (forGood) {
            master.leave();
        } else {
            master.happens(new VrrpEvent.HandOver());
        }
        if (others.isEmpty()) {
            runUntil(now + withDrift(longestHandOver()));
            check(master.isMaster() != forGood, master, " was followed by nobody");
            check(master.holdsAddresses != forGood, master, " was followed by nobody, holds: ", master.holdsAddresses);
            return;
        }
        // Of two that follow at once the one that gives way may be heard last, and a short interval of its own makes us
        // wait for the other one for too short a time.
        boolean sameInterval = others.stream()
                        .map(h -> h.settings.advertIntervalNanos())
                        .distinct()
                        .count()
                == 1;
        long followed = now + withDrift(skew) + 3 * maxDelay;
        long over = followed + withDrift(longestHandOver());
        while (now < over && !steps.isEmpty()) {
            runUntil(Math.min(over, Math.max(now, steps.element().at())));
            check(
                    hosts.stream().anyMatch(h -> h.part == part && h.holdsAddresses),
                    "the addresses are with nobody after ",
                    schedule.blow(),
                    " of ",
                    master);
            check(now <= followed || !master.isMaster() || !sameInterval, master, " is still or again MASTER");
        }
        check(!master.holdsAddresses || !sameInterval, master, " still or again holds the addresses");
    }

    /** Who wakes up after the adverts of a living MASTER were lost on it must not take over. */
    private void letBackupsSleep() {
        long before = lastTransition;
        for (Host host : hosts) {
            if (host.isAble() && !host.isMaster()) {
                note(host + " sleeps");
                host.stall(withDrift(6 * interval), schedule.seed() % 2 == 0);
            }
        }
        runUntil(now + withDrift(11 * interval));
        check(lastTransition == before, "a backup that slept took over from a living master");
    }

    /** Without trouble, a part is never long without a MASTER and never long with two. */
    private void watch() {
        if (lossPermille > 0 || slow) {
            troubledUntil = Math.max(troubledUntil, now + 2 * interval);
        }
        int[] able = new int[PARTS];
        int[] masters = new int[PARTS];
        int[] advertise = new int[PARTS];
        for (Host host : hosts) {
            if (host.deaf || host.mute) {
                troubledUntil = Math.max(troubledUntil, now);
            }
            if (host.isAble()) {
                able[host.part]++;
                masters[host.part] += host.isMaster() ? 1 : 0;
                advertise[host.part] += host.isMaster() && !host.router.isHandingOver() ? 1 : 0;
            }
        }
        for (int part = 0; part < PARTS; part++) {
            gapSince[part] = able[part] > 0 && masters[part] == 0 ? Math.min(gapSince[part], now) : Long.MAX_VALUE;
            // Two that hand over at the same time are both silent, until the first has waited for long enough.
            crowdedSince[part] =
                    masters[part] > 1 && advertise[part] > 0 ? Math.min(crowdedSince[part], now) : Long.MAX_VALUE;
            check(
                    now - Math.max(gapSince[part], troubledUntil) <= longestWait,
                    "part ",
                    part,
                    " has been without a master for too long");
            check(
                    now - Math.max(crowdedSince[part], troubledUntil) <= withDrift(interval) + 3 * maxDelay,
                    "part ",
                    part,
                    " has two masters that hear each other and both stay");
        }
    }

    private void broadcast(Host sender, int priority) {
        ByteBuffer message = ByteBuffer.allocate(64);
        RouterSettings settings = sender.settings;
        Advertisement advertisement = new Advertisement(
                settings.version(),
                7,
                priority,
                settings.advertIntervalNanos(),
                List.of(VIP),
                new Authentication.None());
        AdvertisementCodec.encode(advertisement, settings.source(), AdvertisementCodec.GROUP_IPV4, message);
        message.flip();
        for (Host receiver : hosts) {
            if (receiver == sender || receiver.part != sender.part || sender.mute || receiver.deaf) {
                continue;
            }
            // The fate of an advert does not depend on earlier ones, or a shrunk schedule would be another story.
            long fate = draw(sender.index, receiver.index, sender.adverts);
            boolean lost = (fate >>> 10 & 0x3FF) < lossPermille * 1024L / 1000;
            int copies = lost ? 0 : (fate & 0x3F) == 0 ? 2 : 1;
            long longest = slow ? 2 * interval : maxDelay;
            for (int i = 0; i < copies; i++) {
                long delay = 1 + (fate >>> (20 + i)) % longest;
                schedule(now + delay, () -> receiver.receive(sender, settings, message));
            }
        }
    }

    /** Gratuitous ARP and its like: as late and as unreliable as adverts. */
    private void announce(Host sender) {
        sender.announcements++;
        for (Host receiver : hosts) {
            long fate = draw(sender.index + 16, receiver.index, sender.announcements);
            boolean lost = (fate >>> 10 & 0x3FF) < lossPermille * 1024L / 1000;
            if (receiver != sender && receiver.part == sender.part && !sender.mute && !receiver.deaf && !lost) {
                long delay = 1 + (fate >>> 20) % (slow ? 2 * interval : maxDelay);
                schedule(now + delay, receiver::hearAnnouncement);
            }
        }
    }

    /** A number from 0 that the seed and three others settle. */
    private long draw(long a, long b, long c) {
        long mixed = schedule.seed() * 0x9E3779B97F4A7C15L + (a << 48 ^ b << 40 ^ c);
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (mixed ^ mixed >>> 31) >>> 1;
    }

    private void schedule(long at, Runnable action) {
        steps.add(new Step(at, scheduled++, action));
    }

    /** As long on the slowest clock. */
    private static long withDrift(long nanos) {
        return nanos + nanos / 1_000_000 * 2 * Schedule.MAX_DRIFT_PPM + 1;
    }

    private void note(Object what) {
        if (trace != null) {
            trace.add("%12.3f ms  %s".formatted(now / 1e6, what));
        }
    }

    /** @param message its parts, put together only when it is needed */
    private static void check(boolean holds, Object... message) {
        if (!holds) {
            throw new AssertionError(Stream.of(message).map(String::valueOf).collect(Collectors.joining()));
        }
    }

    /** One host: it obeys its router, and checks that the router asks for nothing that makes no sense. */
    private final class Host {
        private final int index;
        private final int driftPpm;
        private RouterSettings settings;
        private VirtualRouter router;
        private VrrpState state = VrrpState.INIT;
        private boolean running;
        private boolean faulty;
        private boolean holdsAddresses;
        private boolean leaving;
        private boolean deaf;
        private boolean mute;
        private int part;

        private long stalledUntil;
        private boolean hearsWhileStalled;
        private final List<Runnable> socket = new ArrayList<>();
        private long wakeUp = Long.MAX_VALUE;
        private long alarms;

        private long adverts;
        private long occasions;
        private long lastAdvert;
        private long advertisedAt;
        private long announcements;
        private long leftMasterAt;
        /** Since it was last sure of its role. */
        private boolean handedOver;

        Host(int index, RouterSettings settings, int driftPpm) {
            this.index = index;
            this.settings = settings;
            this.driftPpm = driftPpm;
            this.router = new VirtualRouter(settings, this::carryOut);
        }

        /** Whether it could be MASTER now. */
        boolean isAble() {
            return running && !faulty && !leaving && now >= stalledUntil;
        }

        boolean isMaster() {
            return state == VrrpState.MASTER;
        }

        /** The wait after a resignation. */
        long skewNanos() {
            return TimerMath.skewNanos(settings.version(), router.effectivePriority(), router.activeIntervalNanos());
        }

        /** This host's clock: another origin, another rate. */
        private long localTime() {
            return now + now / 1_000_000 * driftPpm - (index + 1) * 10L * interval;
        }

        /** When that clock will say this, or a little earlier. */
        private long trueTime(long local) {
            long sinceOrigin = local + (index + 1) * 10L * interval;
            return sinceOrigin - sinceOrigin / (1_000_000 + driftPpm) * driftPpm - 2L * Math.abs(driftPpm);
        }

        void boot() {
            if (!running) {
                running = true;
                faulty = false;
                leaving = false;
                holdsAddresses = false;
                wakeUp = Long.MAX_VALUE;
                state = VrrpState.INIT;
                router = new VirtualRouter(settings, this::carryOut);
                happens(new VrrpEvent.Start());
            }
        }

        /** Without a word; the kernel takes the addresses away. */
        void kill() {
            running = false;
            holdsAddresses = false;
            stalledUntil = now;
            socket.clear();
        }

        void shutDown() {
            happens(new VrrpEvent.Stop());
            if (now >= stalledUntil) {
                running = false;
            }
        }

        void leave() {
            happens(new VrrpEvent.Leave());
        }

        void hearAnnouncement() {
            if (now < stalledUntil) {
                if (hearsWhileStalled) {
                    socket.add(this::hearAnnouncement);
                }
            } else if (router.holdsAddresses()) {
                obey(new VrrpEvent.SuccessorAnnounced());
            }
        }

        void stall(long nanos, boolean hears) {
            if (now < stalledUntil) {
                return;
            }
            stalledUntil = now + nanos;
            hearsWhileStalled = hears;
            long end = stalledUntil;
            schedule(end, () -> {
                if (stalledUntil == end) {
                    wake();
                }
            });
        }

        /** What waits in the socket comes first, then the timers, as in the engine. */
        private void wake() {
            stalledUntil = now;
            troubledUntil = Math.max(troubledUntil, now);
            note(this + " wakes up");
            List<Runnable> waiting = List.copyOf(socket);
            socket.clear();
            waiting.forEach(Runnable::run);
            ring(wakeUp);
        }

        void recover() {
            unstop();
            if (now < stalledUntil) {
                wake();
            }
        }

        void unstop() {
            deaf = false;
            mute = false;
        }

        void reload(long advertInterval, boolean preempt) {
            RouterSettings changed = new RouterSettings(
                    settings.version(),
                    settings.source(),
                    settings.priority(),
                    advertInterval,
                    preempt,
                    settings.preemptDelayNanos(),
                    settings.initialState(),
                    settings.lowerPriorityNoAdvert(),
                    settings.higherPrioritySendAdvert(),
                    settings.phaseNanos());
            occur(() -> settings = changed);
            happens(new VrrpEvent.Reconfigured(changed));
            happens(new VrrpEvent.StandForElection());
        }

        void receive(Host sender, RouterSettings of, ByteBuffer message) {
            if (now < stalledUntil) {
                if (hearsWhileStalled) {
                    socket.add(() -> receive(sender, of, message));
                }
                return;
            }
            IpAddress source = of.source();
            RejectReason refusal =
                    reader.read(message, IpFamily.IPV4, 0, source.low(), 0, AdvertisementCodec.GROUP_IPV4.low());
            check(refusal == null, "refused: ", refusal);
            if (reader.priority() == 0) {
                occasions++;
            }
            obey(new VrrpEvent.AdvertReceived(reader.priority(), source, reader.intervalNanos()));
        }

        /** Something other than an advert or the timer; a stalled process hears of it when it goes on. */
        void happens(VrrpEvent event) {
            occur(() -> {
                occasions++;
                if (running) {
                    faulty = event instanceof VrrpEvent.FaultRaised
                            || (faulty && !(event instanceof VrrpEvent.FaultCleared));
                    leaving |= event instanceof VrrpEvent.Leave;
                }
                obey(event);
                if (event instanceof VrrpEvent.Stop) {
                    running = false;
                }
            });
        }

        private void occur(Runnable what) {
            if (now < stalledUntil) {
                socket.add(what);
            } else {
                what.run();
            }
        }

        private void obey(VrrpEvent event) {
            if (!running) {
                return;
            }
            if (trace != null) {
                note(this + " <- " + event);
            }
            router.apply(localTime(), event);
            check(state == router.state(), "a change of state was not told");
            check(holdsAddresses == router.holdsAddresses(), this, " holds addresses: ", holdsAddresses);
            check(
                    isMaster() || !holdsAddresses || localTime() - leftMasterAt < VirtualRouter.ANNOUNCEMENT_NANOS,
                    this,
                    " holds addresses for too long");
            boolean waits = state == VrrpState.MASTER || state == VrrpState.BACKUP || holdsAddresses;
            check(waits == (router.deadlineNanos() != Long.MAX_VALUE), this, " has the wrong deadline");
            setAlarm();
            if (leaving && state == VrrpState.INIT && !holdsAddresses) {
                running = false;
            }
        }

        private void setAlarm() {
            long due = router.deadlineNanos();
            if (due == Long.MAX_VALUE || due == wakeUp) {
                return;
            }
            wakeUp = due;
            // A little late, as timers are; alarms that a later deadline has overtaken ring all the same.
            long late = 1 + draw(index, 0xFF, alarms++) % maxDelay;
            schedule(Math.max(trueTime(due), now) + late, () -> ring(due));
        }

        private void ring(long due) {
            if (now < stalledUntil) {
                return;
            }
            if (due == wakeUp) {
                wakeUp = Long.MAX_VALUE;
            }
            obey(new VrrpEvent.TimerExpired());
        }

        private void carryOut(VrrpAction action) {
            if (trace != null) {
                note(this + " -> " + action);
            }
            switch (action) {
                case SendAdvert(int priority) -> sendAdvert(priority);
                case AcquireAddresses() -> {
                    check(isMaster(), this, " acquires as no master");
                    check(!holdsAddresses || handedOver, this, " acquires twice");
                    holdsAddresses = true;
                }
                case ReleaseAddresses() -> {
                    check(!isMaster() && holdsAddresses, this, " releases twice or as master");
                    holdsAddresses = false;
                }
                case Announce() -> {
                    check(isMaster() && holdsAddresses, this, " announces what it does not hold");
                    check(!router.isHandingOver(), this, " has resigned and announces");
                    handedOver = false;
                    announce(this);
                }
                case StateChanged(VrrpState from, VrrpState to, TransitionReason reason) -> {
                    check(from == state && to != from, this, " tells ", action);
                    if (isMaster()) {
                        leftMasterAt = localTime();
                    }
                    state = to;
                    lastTransition = now;
                    occasions++;
                    lastAdvert = localTime();
                    transitions.accept(reason);
                }
            }
        }

        private void sendAdvert(int priority) {
            check(isMaster(), this, " advertises");
            check(priority == 0 || router.state() == VrrpState.MASTER, this, " advertises while leaving");
            check(priority == 0 || priority == router.effectivePriority(), this, " sends the priority ", priority);
            check(priority == 0 || !router.isHandingOver(), this, " has resigned and advertises");
            handedOver |= router.isHandingOver();
            long patience = handedOver ? HandOver.waitNanos(settings) : 0;
            check(
                    localTime() - lastAdvert <= TimerMath.masterDownNanos(settings.version(), 1, interval) + patience,
                    this,
                    " slept and speaks before it has listened");
            lastAdvert = localTime();
            advertisedAt = now;
            adverts++;
            // By its timer, and twice in each interval of a rival.
            long accountedFor = 8 + 4 * now / schedule.shortest() + 2 * occasions;
            check(adverts <= accountedFor, this, " sends too many adverts");
            broadcast(this, priority);
        }

        @Override
        public String toString() {
            return settings.source() + "/" + router.effectivePriority() + "/" + state;
        }
    }
}
