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
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Some routers on one link that loses, delays, doubles and reorders adverts and falls apart, with restarts, stalls, faults
 * and changes of priority; everything from one seed and on a virtual clock. The state machine and the codec are the real
 * ones. After the trouble comes a quiet time, in which the routers have to agree.
 */
final class Simulation {
    /** Many times what any schedule needs. */
    private static final long MAX_STEPS = 100_000;

    private static final IpAddress VIP = IpAddress.parse("10.9.9.9");

    private final SplittableRandom random;
    private final List<String> trace;
    private final boolean tracing;
    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private final List<Node> nodes = new ArrayList<>();
    private final VrrpVersion version;
    /** The longest interval of any router: the measure of everything that takes time. */
    private final long interval;

    private final long preemptDelay;
    private final long maxDelay;

    private long now;
    private long scheduled;
    private double loss;
    private boolean quiet;
    private long lastTransition;
    private long crowdedSince = Long.MAX_VALUE;

    private record Step(long at, long order, Runnable action) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private Simulation(long seed, boolean tracing, List<String> trace) {
        // Not java.util.Random: its first draws are nearly the same for all small seeds.
        this.random = new SplittableRandom(seed);
        this.tracing = tracing;
        this.trace = trace;
        version = random.nextBoolean() ? VrrpVersion.V2 : VrrpVersion.V3;
        long shortest = switch (version) {
            case V2 -> 1_000_000_000L;
            case V3 -> List.of(10_000_000L, 100_000_000L, 1_000_000_000L).get(random.nextInt(3));
        };
        int longestFactor = version == VrrpVersion.V3 && random.nextInt(3) == 0 ? 6 : 1;
        interval = shortest * longestFactor;
        // Far below the distance of two neighbouring deadlines would be too kind, above it the races get their turn.
        maxDelay = shortest / List.of(10, 100, 1000).get(random.nextInt(3));
        boolean preempt = random.nextInt(3) > 0;
        preemptDelay = random.nextBoolean() ? 0 : random.nextLong(5 * interval);
        int count = random.nextInt(2, 6);
        // Few different priorities, so that equal ones are common.
        int spread = random.nextBoolean() ? 3 : 254;
        for (int i = 0; i < count; i++) {
            int priority = random.nextInt(12) == 0 ? 255 : 1 + random.nextInt(spread);
            VrrpState initial = random.nextInt(4) == 0 ? VrrpState.MASTER : VrrpState.BACKUP;
            nodes.add(new Node(new RouterSettings(
                    version,
                    new IpAddress(IpFamily.IPV4, 0, 0x0A000001L + i),
                    priority,
                    longestFactor == 1 ? shortest : shortest * random.nextInt(1, longestFactor + 1),
                    preempt,
                    preemptDelay,
                    initial)));
        }
    }

    /**
     * Runs the schedule of this seed.
     *
     * @throws AssertionError if an invariant breaks; the message has the seed and what happened before
     */
    static void run(long seed) {
        try {
            new Simulation(seed, false, List.of()).run();
        } catch (AssertionError | RuntimeException first) {
            List<String> trace = new ArrayList<>();
            try {
                new Simulation(seed, true, trace).run();
            } catch (AssertionError | RuntimeException again) {
                List<String> tail = trace.subList(Math.max(0, trace.size() - 60), trace.size());
                throw new AssertionError(
                        "seed " + seed + ": " + again.getMessage() + "\n" + String.join("\n", tail), again);
            }
            throw new AssertionError("seed " + seed + " fails only the first time: not deterministic", first);
        }
    }

    private void run() {
        for (Node node : nodes) {
            after(random.nextLong(2 * interval), node::boot);
        }
        long troubleEnds = 30 * interval;
        for (long at = 0; at < troubleEnds; at += random.nextLong(1, 4 * interval)) {
            schedule(at, this::trouble);
        }
        runUntil(troubleEnds);

        quiet = true;
        loss = 0;
        nodes.forEach(Node::endStall);
        // Two waits of Master_Down, an advert to notice by, and the delay before a preemption.
        long settled = troubleEnds + 12 * interval + preemptDelay;
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
            watchForCrowds();
        }
        now = end;
    }

    private void trouble() {
        Node node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(9)) {
            case 0 -> {
                note("partition");
                nodes.forEach(n -> n.part = random.nextInt(2));
            }
            case 1 -> {
                note("mended");
                nodes.forEach(n -> n.part = 0);
            }
            case 2 -> loss = random.nextInt(3) == 0 ? random.nextDouble() * 0.6 : 0;
            case 3 -> node.kill();
            case 4 -> node.shutDown();
            case 5 -> node.boot();
            case 6 -> node.stall(random.nextLong(6 * interval));
            case 7 -> {
                if (node.faulty) {
                    node.happens(new VrrpEvent.FaultCleared());
                } else {
                    node.happens(new VrrpEvent.FaultRaised(TransitionReason.TRACKER_FAILED));
                }
            }
            default -> {
                if (node.settings.priority() != RouterSettings.OWNER_PRIORITY) {
                    node.happens(new VrrpEvent.PriorityChanged(random.nextInt(1, 255)));
                }
            }
        }
    }

    /** Each connected part with a router that may serve has exactly one MASTER, and nobody there should preempt it. */
    private void checkAgreement() {
        for (int part = 0; part < 2; part++) {
            int here = part;
            List<Node> able = nodes.stream()
                    .filter(n -> n.part == here && n.running && !n.faulty)
                    .toList();
            List<Node> masters = able.stream()
                    .filter(n -> n.router.state() == VrrpState.MASTER)
                    .toList();
            if (able.isEmpty()) {
                continue;
            }
            check(masters.size() == 1, "part " + part + " has the masters " + masters + " among " + able);
            Node master = masters.getFirst();
            for (Node node : able) {
                int priority = node.router.effectivePriority();
                check(
                        priority <= master.router.effectivePriority() || !node.settings.preempts(priority),
                        node + " should have preempted " + master);
            }
        }
    }

    /** In the quiet time two MASTERs hear each other within one interval, so they must not last longer. */
    private void watchForCrowds() {
        if (!quiet) {
            return;
        }
        boolean crowded = false;
        for (int part = 0; part < 2; part++) {
            int masters = 0;
            for (Node node : nodes) {
                masters += node.part == part && node.running && node.router.state() == VrrpState.MASTER ? 1 : 0;
            }
            crowded |= masters > 1;
        }
        crowdedSince = crowded ? Math.min(crowdedSince, now) : Long.MAX_VALUE;
        check(!crowded || now - crowdedSince <= interval + 3 * maxDelay, "two masters hear each other and both stay");
    }

    private void broadcast(Node sender, int priority) {
        ByteBuffer message = ByteBuffer.allocate(64);
        Advertisement advertisement = new Advertisement(
                version, 7, priority, sender.settings.advertIntervalNanos(), List.of(VIP), new Authentication.None());
        AdvertisementCodec.encode(advertisement, sender.settings.source(), AdvertisementCodec.GROUP_IPV4, message);
        message.flip();
        for (Node receiver : nodes) {
            if (receiver == sender || receiver.part != sender.part) {
                continue;
            }
            int copies = random.nextDouble() < loss ? 0 : random.nextInt(50) == 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                after(random.nextLong(1, maxDelay + 1), () -> receiver.receive(sender, message.duplicate()));
            }
        }
    }

    private void after(long delay, Runnable action) {
        schedule(now + delay, action);
    }

    private void schedule(long at, Runnable action) {
        steps.add(new Step(at, scheduled++, action));
    }

    private void note(Object what) {
        if (tracing) {
            trace.add("%12.3f ms  %s".formatted(now / 1e6, what));
        }
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }

    /** One host: it obeys its router, and checks that the router asks for nothing that makes no sense. */
    private final class Node {
        private final RouterSettings settings;
        private final AdvertisementReader reader = new AdvertisementReader();
        private VirtualRouter router;
        private VrrpState state = VrrpState.INIT;
        private boolean running;
        private boolean faulty;
        private boolean holdsAddresses;
        private int part;
        private long stalledUntil;
        private long wakeUp = Long.MAX_VALUE;

        Node(RouterSettings settings) {
            this.settings = settings;
            this.router = new VirtualRouter(settings, this::carryOut);
        }

        void boot() {
            if (!running) {
                running = true;
                faulty = false;
                stalledUntil = 0;
                wakeUp = Long.MAX_VALUE;
                state = VrrpState.INIT;
                router = new VirtualRouter(settings, this::carryOut);
                happens(new VrrpEvent.Start());
            }
        }

        /** Without a word; the kernel takes the addresses away. */
        void kill() {
            note(this + " is killed");
            running = false;
            holdsAddresses = false;
        }

        void shutDown() {
            happens(new VrrpEvent.Stop());
            running = false;
        }

        void stall(long duration) {
            note(this + " stalls");
            stalledUntil = now + duration;
        }

        void endStall() {
            stalledUntil = now;
        }

        void receive(Node sender, ByteBuffer message) {
            if (now < stalledUntil) {
                schedule(stalledUntil, () -> receive(sender, message));
                return;
            }
            IpAddress source = sender.settings.source();
            RejectReason refusal =
                    reader.read(message, IpFamily.IPV4, 0, source.low(), 0, AdvertisementCodec.GROUP_IPV4.low());
            check(refusal == null, "refused: " + refusal);
            happens(new VrrpEvent.AdvertReceived(reader.priority(), source, reader.intervalNanos()));
        }

        void happens(VrrpEvent event) {
            if (!running) {
                return;
            }
            if (event instanceof VrrpEvent.FaultRaised || event instanceof VrrpEvent.FaultCleared) {
                faulty = event instanceof VrrpEvent.FaultRaised;
            }
            note(this + " <- " + event);
            router.apply(now, event);
            check(state == router.state(), "a change of state was not told");
            check(holdsAddresses == (state == VrrpState.MASTER), this + " holds addresses: " + holdsAddresses);
            boolean takesPart = state == VrrpState.MASTER || state == VrrpState.BACKUP;
            check(takesPart == (router.deadlineNanos() != Long.MAX_VALUE), this + " has the wrong deadline");
            setAlarm();
        }

        private void setAlarm() {
            long due = router.deadlineNanos();
            if (due == Long.MAX_VALUE || due == wakeUp) {
                return;
            }
            wakeUp = due;
            // A little late, as timers are; alarms that a later deadline has overtaken ring all the same.
            schedule(Math.max(due, now) + random.nextLong(1, maxDelay + 1), this::ring);
        }

        private void ring() {
            if (now < stalledUntil) {
                schedule(stalledUntil, this::ring);
                return;
            }
            if (now >= wakeUp) {
                wakeUp = Long.MAX_VALUE;
            }
            happens(new VrrpEvent.TimerExpired());
        }

        private void carryOut(VrrpAction action) {
            note(this + " -> " + action);
            switch (action) {
                case SendAdvert(int priority) -> {
                    check(state == VrrpState.MASTER, this + " advertises");
                    check(priority == 0 || router.state() == VrrpState.MASTER, this + " advertises while leaving");
                    check(priority == 0 || priority == router.effectivePriority(), "a wrong priority is sent");
                    broadcast(this, priority);
                }
                case AcquireAddresses() -> {
                    check(state == VrrpState.MASTER && !holdsAddresses, this + " acquires twice or as no master");
                    holdsAddresses = true;
                }
                case ReleaseAddresses() -> {
                    check(state != VrrpState.MASTER && holdsAddresses, this + " releases twice or as master");
                    holdsAddresses = false;
                }
                case Announce() -> check(holdsAddresses, this + " announces what it does not hold");
                case StateChanged(VrrpState from, VrrpState to, TransitionReason _) -> {
                    check(from == state && to != from, this + " tells " + action + " in state " + state);
                    state = to;
                    lastTransition = now;
                }
            }
        }

        @Override
        public String toString() {
            return settings.source() + "/" + router.effectivePriority() + "/" + state;
        }
    }
}
