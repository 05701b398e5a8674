package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.promise.Acceptor;
import dev.holdfast.swarm.promise.BookStore;
import dev.holdfast.swarm.promise.PromiseDesk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the engine, asks {@link HealPolicy} what to do, and does it. One thread does everything; the methods that others
 * call only leave word for it. Healing hears nothing of VRRP but whether this host is MASTER, and since when.
 *
 * <p>The healer writes its own log lines: one when the state changes, one when the decision changes, one for each force call
 * and its result.
 */
public final class SwarmHealer implements AutoCloseable {

    /** Between two looks at the engine while MASTER. */
    public static final Duration MASTER_POLL = Duration.ofSeconds(2);

    /** Between two looks while MASTER without a leader. */
    public static final Duration URGENT_POLL = Duration.ofSeconds(1);

    /** Between two looks otherwise, only for the status. Less than {@link HealPolicy#MAX_AGE}. */
    public static final Duration IDLE_POLL = Duration.ofSeconds(10);

    /** How long a force may take to show this node as leader. */
    public static final Duration VERIFY_WITHIN = Duration.ofSeconds(60);

    /** How long another agent's word lasts that this node should heal; it is given anew in each round. */
    private static final Duration MANDATE = Duration.ofSeconds(15);

    /** Between two rounds of probes for an order. */
    private static final Duration ROUND_PAUSE = Duration.ofSeconds(1);

    private static final int ORDER_ROUNDS = 3;
    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    /**
     * The latest look at the engine.
     *
     * @param stateSinceNanos since when every look had its state, without a break, on the healer's clock
     * @param everInSwarm whether the engine was ever seen in a Swarm, also before a restart
     */
    public record Look(SwarmSnapshot snapshot, long stateSinceNanos, boolean everInSwarm) {}

    /** A stretch of being MASTER; the number tells it from another that began at the same time. */
    private record Tenure(long number, long sinceNanos) {}

    /** Another agent's word that this host should act as if it were MASTER. */
    private record Mandate(Tenure tenure, long untilNanos) {}

    /** An operator's word in place of the configured policy. */
    private record PolicyOrder(HealMode mode, Instant since) {}

    private final HealPorts ports;
    private final HealClock clock;
    private final ExecutorService probes;
    private final Chronicle chronicle;
    private final Lookout lookout;
    private final EvidenceGatherer evidence;
    private final Forcer forcer;
    private final Council council;
    private final LineageKeeper lineage;
    private final PeerAnswers answers;
    private final Caretaker caretaker;
    private final Semaphore wake = new Semaphore(0);

    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();

    private volatile SwarmConfig configured;
    private volatile @Nullable PolicyOrder policyOrder;
    private volatile boolean closely;
    /** What is configured, with the policy that an operator has ordered in its place. */
    private volatile SwarmConfig config;

    private volatile @Nullable Tenure tenure;
    private volatile @Nullable Mandate mandate;
    private long tenures;
    private volatile boolean closed;
    private volatile HealStatus status;
    private volatile @Nullable Thread thread;

    /**
     * A healer that does nothing until {@link #start()}.
     *
     * @param stateDir for the journal and the known managers; made if it does not exist
     */
    public SwarmHealer(SwarmConfig config, HealPorts ports, Path stateDir, HealListener listener) {
        this(config, ports, stateDir, listener, Caretaker.NONE);
    }

    /**
     * The same, with somebody who looks after the rest.
     *
     * @param caretaker called after each look
     */
    public SwarmHealer(SwarmConfig config, HealPorts ports, Path stateDir, HealListener listener, Caretaker caretaker) {
        this(config, ports, StateStore.in(stateDir), listener, caretaker, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** The same for a simulation: the state anywhere, questions asked by any thread. */
    SwarmHealer(
            SwarmConfig config,
            HealPorts ports,
            StateStore store,
            HealListener listener,
            Caretaker caretaker,
            ExecutorService probes) {
        this.configured = config;
        this.config = config;
        this.ports = ports;
        this.clock = ports.clock();
        this.probes = probes;
        this.chronicle = new Chronicle(store, clock, listener);
        PromiseDesk desk = new PromiseDesk(bookIn(store), clock);
        this.lineage = new LineageKeeper(store, desk, clock.nanos());
        this.lookout = new Lookout(
                ports,
                store,
                lineage,
                look -> Chronicle.tell(() -> listener.looked(look)),
                seen -> Chronicle.tell(() -> listener.stateChanged(seen)));
        this.evidence = new EvidenceGatherer(ports, probes);
        this.forcer = new Forcer(ports, store, lookout, chronicle, () -> closed);
        this.council = new Council(ports, lookout, lineage, desk, probes);
        this.answers = new Acceptor(ports.peers(), desk, council::view, this::answer);
        this.caretaker = caretaker;
        this.status = describe();
    }

    private static BookStore bookIn(StateStore store) {
        return new BookStore() {
            @Override
            public byte @Nullable [] read() throws IOException {
                return store.read(BookStore.FILE);
            }

            @Override
            public void replace(byte[] content) throws IOException {
                store.replace(BookStore.FILE, content);
            }
        };
    }

    /** Starts the healer's thread. Call once. */
    public void start() {
        // A platform thread: the transport may pin its carrier for as long as the engine does not answer.
        thread = Thread.ofPlatform().daemon().name("swarm-healer").start(this::run);
    }

    /**
     * This host is MASTER. Repeating it changes nothing.
     *
     * @param sinceNanos since when, on {@link HealClock#nanos()}, which is {@link System#nanoTime()}
     */
    public synchronized void masterSince(long sinceNanos) {
        if (tenure == null) {
            tenure = new Tenure(++tenures, sinceNanos);
            wake.release();
        }
    }

    /** This host is not MASTER, or no longer. A force call that is not yet on its way is not made. */
    public synchronized void notMaster() {
        if (tenure != null) {
            tenure = null;
            wake.release();
        }
    }

    // ---- the other agents

    /** {@return how new this node's copy of the cluster is, for the others} */
    public Lineage lineage() {
        return lineage.lineage();
    }

    /** {@return what answers the requests of other agents that are about healing: {@code Promise}, {@code Release}, {@code Heal}} */
    public PeerAnswers answers() {
        return answers;
    }

    private PeerReply answer(String from, PeerRequest request) {
        return request instanceof PeerRequest.Heal
                ? entitle(from)
                : new PeerReply.Refused("unknown-request", "not about healing");
    }

    /** The MASTER asks: this node's copy is the newer one. All gates of this healer stay as they are. */
    private synchronized PeerReply entitle(String from) {
        SwarmConfig now = config;
        Look look = lookout.latest();
        SwarmSnapshot seen = look == null ? null : look.snapshot();
        if (closed || !now.enabled()) {
            return new PeerReply.Refused(HealReason.DISABLED.label(), HealReason.DISABLED.text());
        }
        if (now.heal().mode() == HealMode.OBSERVE) {
            return new PeerReply.Refused("policy-observe", "the policy is observe, which never acts");
        }
        if (seen == null || seen.state() != SwarmState.NO_LEADER) {
            return new PeerReply.Refused(
                    "other-state",
                    seen == null ? "not looked yet" : seen.state().name());
        }
        long nanos = clock.nanos();
        Mandate before = mandate;
        Tenure running = before != null && before.untilNanos() - nanos > 0 ? before.tenure() : null;
        Tenure given = running == null ? new Tenure(++tenures, nanos) : running;
        mandate = new Mandate(given, nanos + MANDATE.toNanos());
        if (running == null) {
            LOG.info("Swarm: {} asks this node to heal, whose state is the newer one", from);
            wake.release();
        }
        return new PeerReply.Done(status.explanation());
    }

    /** {@return the right to act: being MASTER, or a MASTER's word; null without} */
    private @Nullable Tenure entitled() {
        Tenure mine = tenure;
        Mandate given = mandate;
        return mine != null || given == null || given.untilNanos() - clock.nanos() <= 0 ? mine : given.tenure();
    }

    /**
     * Takes a new configuration from the next look on. For another {@code dockerHost} make another healer. An operator's policy
     * stands unless the configured one is another now.
     */
    public synchronized void reconfigure(SwarmConfig changed) {
        if (changed.heal().mode() != configured.heal().mode()) {
            policyOrder = null;
        }
        configured = changed;
        PolicyOrder order = policyOrder;
        config = order == null ? changed : changed.withMode(order.mode());
        wake.release();
    }

    /** Whether to look as often while not MASTER as while MASTER, because somebody goes by what is seen. */
    public void watchClosely(boolean wanted) {
        closely = wanted;
        wake.release();
    }

    // ---- an operator's word; carried out on the healer's thread between two rounds

    /**
     * Sets the policy, until the agent ends or a reload changes the configured one.
     *
     * @return completed once it holds and is in the journal
     */
    public CompletableFuture<HealStatus> setPolicy(HealMode mode) {
        return submit(() -> {
            SwarmConfig now;
            synchronized (this) {
                policyOrder = mode == configured.heal().mode() ? null : new PolicyOrder(mode, clock.now());
                now = configured.withMode(mode);
                config = now;
            }
            String text = "policy " + mode.label() + ", set by an operator; configured: "
                    + configured.heal().mode().label();
            LOG.warn("Swarm: {}", text);
            chronicle.record(journal -> journal.operator("policy", text));
            status = describe();
            return status;
        });
    }

    /** Looks and probes, and tells what {@link #order()} would do; changes nothing. */
    public CompletableFuture<HealPreview> preview() {
        return submit(() -> {
            SwarmConfig now = config;
            examine(now, 1);
            HealInputs in = inputs(now, tenure);
            SwarmSnapshot seen = lookout.snapshot();
            Evidence known = evidence.latest();
            HealPlan plan = OrderPolicy.decide(in);
            return new HealPreview(
                    seen == null ? null : seen.state(),
                    seen == null ? "" : seen.detail(),
                    plan,
                    plan instanceof HealPlan.Force ? OrderPolicy.overruled(in) : List.of(),
                    in.membership().others().stream()
                            .map(manager -> new HealPreview.Asked(
                                    manager,
                                    known == null
                                            ? HealPreview.Answer.NOT_ASKED
                                            : QuorumGate.answer(
                                                    manager,
                                                    known,
                                                    in.nowNanos(),
                                                    now.heal().hold().toNanos())))
                            .toList());
        });
    }

    /**
     * Forces a new cluster on an operator's order, if {@link OrderPolicy} lets it: looks and probes anew, records, calls, and
     * verifies. Takes up to some minutes. One that is cancelled before it began is not carried out.
     */
    public CompletableFuture<HealOutcome> order() {
        return submit(() -> {
            LOG.warn("Swarm: an operator orders to heal now");
            SwarmConfig now = config;
            loadOnce(now);
            // Several rounds: one lost packet is no death.
            examine(now, ORDER_ROUNDS);
            HealPlan decided = OrderPolicy.decide(inputs(now, tenure));
            HealPlan stopped = decided;
            if (decided instanceof HealPlan.Force) {
                Attempts before = chronicle.attempts();
                stopped = force(now, null, OrderPolicy::decide);
                Attempts.Call last = chronicle.attempts().last();
                if (last != null && !chronicle.attempts().equals(before)) {
                    status = describe();
                    return new HealOutcome(decided, last.result(), chronicle.lastAnswer());
                }
            }
            HealPlan refused = stopped;
            String text =
                    "order to heal not carried out: " + refused.explanation() + " [" + refused.reasonLabel() + "]";
            LOG.warn("Swarm: {}", text);
            chronicle.record(journal -> journal.operator("order", text));
            return new HealOutcome(refused, null, "");
        });
    }

    /**
     * The latest lines of the journal, oldest first.
     *
     * @throws IOException if it cannot be read
     */
    public List<String> journal(int lines) throws IOException {
        return chronicle.tail(lines);
    }

    private <T> CompletableFuture<T> submit(Supplier<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        orders.add(() -> {
            if (closed || answer.isDone()) {
                answer.cancel(false);
                return;
            }
            try {
                answer.complete(work.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        wake.release();
        return answer;
    }

    private void carryOutOrders() {
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
    }

    private void examine(SwarmConfig now, int rounds) {
        look();
        for (int i = 0; i < rounds; i++) {
            if (i > 0) {
                try {
                    clock.sleep(ROUND_PAUSE.toNanos());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            gather(now, false);
        }
        // The rounds took their time, and a leader may have come meanwhile.
        look();
    }

    /** {@return the state of things after the latest look} */
    public HealStatus status() {
        return status;
    }

    /** {@return the latest look at the engine, null before the first} */
    public @Nullable Look latest() {
        return lookout.latest();
    }

    /** Stops; a force call on its way is waited for up to a second, but not taken back. */
    @Override
    public void close() {
        closed = true;
        tenure = null;
        mandate = null;
        wake.release();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        carryOutOrders();
        probes.shutdownNow();
        ports.gateway().close();
    }

    private void run() {
        while (!closed) {
            long pause = IDLE_POLL.toNanos();
            try {
                pause = step();
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("Swarm: a look failed; trying again", e);
                }
            }
            try {
                if (wake.tryAcquire(pause, TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                if (closed) {
                    return;
                }
            }
        }
    }

    /**
     * One round: look, decide, act, tell.
     *
     * @return nanoseconds until the next round is due
     */
    long step() {
        carryOutOrders();
        SwarmConfig now = config;
        Tenure mine = entitled();
        if (!now.enabled()) {
            lookout.forget();
            conclude(decide(now, mine));
            return IDLE_POLL.toNanos();
        }
        loadOnce(now);
        look();
        gatherIfNeeded(now, mine);
        HealPlan decided = decide(now, mine);
        if (decided instanceof HealPlan.Force && mine != null) {
            decided = force(now, mine, HealPolicy::decide);
        }
        council.release();
        conclude(decided);
        attend(decided);
        return pause(decided).toNanos();
    }

    private Duration pause(HealPlan decided) {
        if (entitled() == null) {
            return closely || council.isAnyoneLeaderless() ? MASTER_POLL : IDLE_POLL;
        }
        SwarmSnapshot seen = lookout.snapshot();
        if (seen == null || seen.state() != SwarmState.NO_LEADER) {
            return MASTER_POLL;
        }
        // What is waited for is over in the middle of a pause, as a rule.
        Duration left = decided instanceof HealPlan.Wait wait
                ? Duration.ofNanos(wait.untilNanos() - clock.nanos())
                : URGENT_POLL;
        return left.isPositive() && left.compareTo(URGENT_POLL) < 0 ? left : URGENT_POLL;
    }

    private void attend(HealPlan decided) {
        SwarmSnapshot seen = lookout.snapshot();
        Look look = lookout.latest();
        if (seen != null && look != null && !(decided instanceof HealPlan.Force)) {
            Chronicle.tell(() -> caretaker.attend(new Caretaker.Round(
                    seen, lookout.stateSince(), tenure != null, decided, clock.nanos(), look.everInSwarm())));
        }
    }

    /** Reads what earlier runs left. Until that has worked, nothing is forced: attempts could be missing. */
    private void loadOnce(SwarmConfig now) {
        if (chronicle.loadOnce(now.heal().backoffMax())) {
            lookout.load();
        }
    }

    private void look() {
        lookout.look();
        SwarmSnapshot seen = lookout.snapshot();
        if (seen != null) {
            chronicle.finish(seen);
        }
    }

    /**
     * Asks the world only when the answer can matter, but then in every round, so that sightings cover the whole hold. The
     * managers are asked as soon as the leader is lost: who was silent then, because this host was cut off, has come back later.
     */
    private void gatherIfNeeded(SwarmConfig now, @Nullable Tenure mine) {
        SwarmSnapshot seen = lookout.snapshot();
        SwarmState state = mine == null || seen == null ? SwarmState.HAS_LEADER : seen.state();
        switch (state) {
            case NO_LEADER -> gather(now, tenure != null && now.heal().mode() != HealMode.OBSERVE);
            case ELECTING -> {
                evidence.gather(lookout.membership(), List.of(), council.present());
                council.forget();
            }
            default -> {
                evidence.forget();
                council.forget();
            }
        }
    }

    /** @param asking whether the agent with the newer copy is asked to heal */
    private void gather(SwarmConfig now, boolean asking) {
        List<Witness> witnesses =
                now.heal().mode() == HealMode.EAGER ? List.of() : now.heal().effectiveWitnesses();
        evidence.gather(lookout.membership(), witnesses, council.present());
        council.consult(now.heal(), asking);
    }

    private HealPlan decide(SwarmConfig now, @Nullable Tenure mine) {
        return HealPolicy.decide(inputs(now, mine));
    }

    private HealInputs inputs(SwarmConfig now, @Nullable Tenure mine) {
        SwarmSnapshot seen = lookout.snapshot();
        return new HealInputs(
                now.enabled(),
                now.heal(),
                mine == null ? null : mine.sinceNanos(),
                seen,
                lookout.stateSince(),
                lookout.graceUntil(now.heal().bootGrace()),
                lookout.membership(),
                lookout.cluster(),
                evidence.latest(),
                council.latest(),
                AdvertiseAddress.choose(
                        now.advertiseAddress(),
                        seen == null ? "" : seen.nodeAddress(),
                        seen != null && seen.state() == SwarmState.NO_LEADER
                                ? ports.addresses().current()
                                : Set.of(),
                        now.vips()),
                chronicle.attempts(),
                clock.nanos());
    }

    /**
     * {@return the decision after the attempt, or the one that stopped it}
     *
     * @param mine what must last until the call; null for an order, where this host need not be MASTER
     */
    private HealPlan force(SwarmConfig now, @Nullable Tenure mine, Function<HealInputs, HealPlan> policy) {
        HealPlan stopped = forcer.force(new Forcer.Terms(
                now,
                () -> config,
                () -> {
                    look();
                    gather(now, false);
                    return policy.apply(inputs(now, mine));
                },
                council.permit(now.heal().mode(), mine == null),
                () -> mine != null && !mine.equals(entitled()),
                this::conclude));
        if (stopped != null) {
            return stopped;
        }
        evidence.expire();
        return decide(now, entitled());
    }

    private void conclude(HealPlan decided) {
        SwarmSnapshot seen = lookout.snapshot();
        chronicle.decided(decided, seen == null ? null : seen.state(), config.enabled());
        status = describe();
    }

    private HealStatus describe() {
        SwarmConfig now = config;
        SwarmSnapshot seen = lookout.snapshot();
        ClusterFacts cluster = lookout.cluster();
        PolicyOrder order = policyOrder;
        HealPlan plan = chronicle.plan();
        Attempts attempts = chronicle.attempts();
        Attempts.Call last = attempts.last();
        return new HealStatus(
                seen == null ? null : seen.state(),
                seen == null ? "" : seen.detail(),
                seen == null ? null : seen.fault(),
                seen == null ? null : lookout.stateSinceWall(),
                seen == null ? null : wall(seen.observedNanos()),
                now.heal().mode(),
                tenure != null,
                plan.kind(),
                plan.reasonLabel(),
                plan.explanation(),
                plan instanceof HealPlan.Wait wait ? wall(wait.untilNanos()) : null,
                attempts.inARow(clock.nanos(), now.heal().cooldown().toNanos()),
                chronicle.forces(),
                chronicle.refusals(),
                seen == null ? "" : seen.nodeId(),
                cluster == null ? "" : cluster.id(),
                lookout.managers(),
                seen == null ? null : seen.leader().orElse(null),
                configured.heal().mode(),
                order == null ? null : order.since(),
                last == null ? null : new HealStatus.LastForce(wall(last.atNanos()), last.result()));
    }

    private Instant wall(long nanos) {
        return clock.now().plusNanos(nanos - clock.nanos());
    }
}
