package dev.holdfast.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    /** Between two looks otherwise, only for the status. Less than {@link HealPolicy#MAX_AGE}. */
    public static final Duration IDLE_POLL = Duration.ofSeconds(10);

    /** How long a force may take to show this node as leader. */
    public static final Duration VERIFY_WITHIN = Duration.ofSeconds(60);

    private static final Duration VERIFY_POLL = Duration.ofSeconds(1);
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

    /** An operator's word in place of the configured policy. */
    private record PolicyOrder(HealMode mode, Instant since) {}

    private final HealPorts ports;
    private final HealClock clock;
    private final Path stateDir;
    private final HealJournal journal;
    private final HealListener listener;
    private final Caretaker caretaker;
    private final ExecutorService probes = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore wake = new Semaphore(0);

    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();

    private volatile SwarmConfig configured;
    private volatile @Nullable PolicyOrder policyOrder;
    private volatile boolean closely;
    /** What is configured, with the policy that an operator has ordered in its place. */
    private volatile SwarmConfig config;

    private volatile @Nullable Tenure tenure;
    private long tenures;
    private volatile boolean closed;
    private volatile HealStatus status;
    private volatile @Nullable Look latest;
    private volatile @Nullable Thread thread;

    // Only the healer's thread touches what follows.
    private final SwarmPast past;
    private @Nullable SwarmSnapshot snapshot;
    private long stateSince;
    private Instant stateSinceWall = Instant.EPOCH;
    private @Nullable KnownManagers known;
    private boolean knownIsSaved;
    private final Map<Endpoint, Evidence.Sighting> sightings = new HashMap<>();
    private @Nullable Evidence evidence;
    private Attempts attempts = Attempts.NONE;
    private String lastAnswer = "";
    private boolean attemptsLoaded;
    private boolean loadFailed;
    private HealPlan plan = new HealPlan.NothingToDo(HealReason.NOT_MASTER, "");
    private boolean firstDecision = true;
    private final EnumMap<ForceResult, Long> forces = new EnumMap<>(ForceResult.class);
    private final EnumMap<HealRefusal, Long> refusals = new EnumMap<>(HealRefusal.class);

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
        this.configured = config;
        this.config = config;
        this.ports = ports;
        this.clock = ports.clock();
        this.stateDir = stateDir;
        this.journal = new HealJournal(stateDir, clock);
        this.past = new SwarmPast(stateDir);
        this.listener = listener;
        this.caretaker = caretaker;
        for (ForceResult result : ForceResult.values()) {
            forces.put(result, 0L);
        }
        this.status = describe();
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
            record(() -> journal.operator("policy", text));
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
            SwarmSnapshot seen = snapshot;
            Evidence known = evidence;
            return new HealPreview(
                    seen == null ? null : seen.state(),
                    seen == null ? "" : seen.detail(),
                    OrderPolicy.decide(in),
                    OrderPolicy.overruled(in),
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
                Attempts before = attempts;
                stopped = force(now, null, OrderPolicy::decide);
                Attempts.Call last = attempts.last();
                if (last != null && !attempts.equals(before)) {
                    status = describe();
                    return new HealOutcome(decided, last.result(), lastAnswer);
                }
            }
            HealPlan refused = stopped;
            String text =
                    "order to heal not carried out: " + refused.explanation() + " [" + refused.reasonLabel() + "]";
            LOG.warn("Swarm: {}", text);
            record(() -> journal.operator("order", text));
            return new HealOutcome(refused, null, "");
        });
    }

    /**
     * The latest lines of the journal, oldest first.
     *
     * @throws IOException if it cannot be read
     */
    public List<String> journal(int lines) throws IOException {
        return HealJournal.tail(stateDir, lines);
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
                    clock.sleep(VERIFY_POLL.toNanos());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
            gather(now);
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
        return latest;
    }

    /** Stops; a force call on its way is waited for up to a second, but not taken back. */
    @Override
    public void close() {
        closed = true;
        tenure = null;
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
        Tenure mine = tenure;
        if (!now.enabled()) {
            snapshot = null;
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
        conclude(decided);
        attend(decided);
        return (tenure == null && !closely ? IDLE_POLL : MASTER_POLL).toNanos();
    }

    private void attend(HealPlan decided) {
        SwarmSnapshot seen = snapshot;
        if (seen != null && !(decided instanceof HealPlan.Force)) {
            tell(() -> caretaker.attend(new Caretaker.Round(seen, stateSince, tenure != null, decided, clock.nanos())));
        }
    }

    // ---- looking

    private void look() {
        SwarmObservation observation = ports.gateway().observe();
        SwarmSnapshot seen = SwarmClassifier.classify(observation, clock.nanos());
        SwarmSnapshot before = snapshot;
        boolean changed = before == null || before.state() != seen.state() || before.fault() != seen.fault();
        // A gap in watching is a break too: a leader may have come and gone meanwhile.
        boolean isBreak = before == null
                || changed
                || seen.observedNanos() - before.observedNanos() > HealPolicy.MAX_AGE.toNanos()
                || !seen.nodeId().equals(before.nodeId());
        if (isBreak) {
            stateSince = seen.observedNanos();
            stateSinceWall = clock.now();
        }
        snapshot = seen;
        past.note(seen);
        latest = new Look(seen, stateSince, past.ever());
        tell(() -> listener.looked(seen));
        if (seen.state() == SwarmState.HAS_LEADER) {
            remember(seen);
        }
        if (changed) {
            LOG.info("Swarm: {} ({})", seen.state(), seen.detail());
            tell(() -> listener.stateChanged(seen));
        }
    }

    private void remember(SwarmSnapshot seen) {
        KnownManagers current = new KnownManagers(seen.nodeId(), seen.cluster(), seen.managers());
        if (current.managers().isEmpty() || (knownIsSaved && current.sameAs(known))) {
            return;
        }
        known = current;
        try {
            current.write(stateDir.resolve(KnownManagers.FILE), clock.now());
            knownIsSaved = true;
        } catch (IOException e) {
            if (knownIsSaved) {
                LOG.warn("Swarm: cannot save the known managers: {}", e.toString());
            }
            knownIsSaved = false;
        }
    }

    /** Reads what earlier runs left. Until that has worked, nothing is forced: attempts could be missing. */
    private void loadOnce(SwarmConfig now) {
        if (attemptsLoaded) {
            return;
        }
        try {
            attempts = journal.load(now.heal().backoffMax());
            attemptsLoaded = true;
        } catch (IOException e) {
            if (!loadFailed) {
                LOG.error("Swarm: cannot read the journal, so nothing will be forced: {}", e.toString());
            }
            loadFailed = true;
            return;
        }
        try {
            known = KnownManagers.read(stateDir.resolve(KnownManagers.FILE));
            knownIsSaved = known != null;
        } catch (IOException e) {
            LOG.warn("Swarm: cannot read the known managers: {}", e.toString());
        }
    }

    private Membership membership() {
        SwarmSnapshot seen = snapshot;
        if (seen == null || seen.nodeId().isEmpty()) {
            return Membership.UNKNOWN;
        }
        return Membership.of(
                seen.nodeId(), known == null ? List.of() : known.managersFor(seen.nodeId()), seen.managers());
    }

    private @Nullable ClusterFacts cluster() {
        SwarmSnapshot seen = snapshot;
        if (seen != null && seen.cluster() != null) {
            return seen.cluster();
        }
        return known != null && seen != null && known.nodeId().equals(seen.nodeId()) ? known.cluster() : null;
    }

    /** Asks the world only when the answer can matter, but then in every round, so that sightings cover the whole hold. */
    private void gatherIfNeeded(SwarmConfig now, @Nullable Tenure mine) {
        SwarmSnapshot seen = snapshot;
        if (mine == null || seen == null || seen.state() != SwarmState.NO_LEADER) {
            evidence = null;
            sightings.clear();
            return;
        }
        gather(now);
    }

    private void gather(SwarmConfig now) {
        long started = clock.nanos();
        List<Endpoint> endpoints = membership().others().stream()
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        List<Witness> witnesses =
                now.heal().mode() == HealMode.EAGER ? List.of() : now.heal().effectiveWitnesses();
        Map<Endpoint, Future<Boolean>> managerAnswers = new HashMap<>();
        endpoints.forEach(
                e -> managerAnswers.put(e, probes.submit(() -> ports.managers().answers(e))));
        List<Future<WitnessProbe.Answer>> witnessAnswers = witnesses.stream()
                .map(w -> probes.submit(() -> ports.witnesses().ask(w)))
                .toList();
        sightings.keySet().retainAll(endpoints);
        managerAnswers.forEach((endpoint, answer) -> {
            Boolean alive = await(answer);
            if (alive == null) {
                // A probe that broke has seen nothing: the manager counts as not asked.
                sightings.remove(endpoint);
            } else if (alive) {
                sightings.put(endpoint, Evidence.Sighting.at(started));
            } else {
                sightings.putIfAbsent(endpoint, Evidence.Sighting.NEVER);
            }
        });
        evidence = new Evidence(
                started,
                sightings,
                witnessAnswers.stream()
                        .map(SwarmHealer::await)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static <T> @Nullable T await(Future<T> answer) {
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Swarm: a probe failed: {}", e.toString());
            return null;
        }
    }

    // ---- deciding

    private HealPlan decide(SwarmConfig now, @Nullable Tenure mine) {
        return HealPolicy.decide(inputs(now, mine));
    }

    private HealInputs inputs(SwarmConfig now, @Nullable Tenure mine) {
        SwarmSnapshot seen = snapshot;
        return new HealInputs(
                now.enabled(),
                now.heal(),
                mine == null ? null : mine.sinceNanos(),
                seen,
                stateSince,
                membership(),
                cluster(),
                evidence,
                AdvertiseAddress.choose(
                        now.advertiseAddress(),
                        seen == null ? "" : seen.nodeAddress(),
                        seen != null && seen.state() == SwarmState.NO_LEADER
                                ? ports.addresses().current()
                                : Set.of(),
                        now.vips()),
                attempts,
                clock.nanos());
    }

    // ---- acting

    /**
     * {@return the decision after the attempt, or the one that stopped it}
     *
     * @param mine what must last until the call; null for an order, where this host need not be MASTER
     */
    private HealPlan force(SwarmConfig now, @Nullable Tenure mine, Function<HealInputs, HealPlan> policy) {
        SwarmSnapshot seen = snapshot;
        if (!attemptsLoaded || seen == null) {
            return new HealPlan.Refuse(HealRefusal.STATE_NOT_SAVED, "the journal cannot be read");
        }
        KnownManagers before = known != null
                        && known.nodeId().equals(seen.nodeId())
                        && known.managers().size() > 1
                ? known
                : new KnownManagers(seen.nodeId(), seen.cluster(), seen.managers());
        try {
            before.write(stateDir.resolve(KnownManagers.FILE_BEFORE_HEAL), clock.now());
        } catch (IOException e) {
            return new HealPlan.Refuse(HealRefusal.STATE_NOT_SAVED, e.toString());
        }
        // Everything once more, right before the call: what was true a round ago may have ended.
        look();
        gather(now);
        HealPlan again = policy.apply(inputs(now, mine));
        if (!(again instanceof HealPlan.Force go)) {
            return again;
        }
        if (!now.equals(config)) {
            // The next round decides under the new configuration.
            return new HealPlan.Wait(HealReason.FIRST_LOOK, "the configuration has just changed", clock.nanos());
        }
        if (isLost(mine)) {
            return new HealPlan.Refuse(HealRefusal.MASTERSHIP_LOST, "before the call");
        }
        String id = UUID.randomUUID().toString();
        SwarmGateway.ForceRequest request = request(go.advertiseAddress(), seen.nodeId());
        try {
            journal.attempt(id, request, go, before.managers());
        } catch (IOException e) {
            return new HealPlan.Refuse(HealRefusal.STATE_NOT_SAVED, e.toString());
        }
        if (isLost(mine)) {
            record(() -> journal.cancelled(id, "no longer MASTER"));
            return new HealPlan.Refuse(HealRefusal.MASTERSHIP_LOST, "right before the call");
        }
        conclude(go);
        call(now, id, request);
        return decide(now, tenure);
    }

    private boolean isLost(@Nullable Tenure mine) {
        return mine != null && !mine.equals(tenure);
    }

    private void call(SwarmConfig now, String id, SwarmGateway.ForceRequest request) {
        String answer;
        try {
            answer = describe(ports.gateway().forceNewCluster(request));
        } catch (RuntimeException e) {
            answer = "the call failed: " + e;
        }
        // The call has changed the node, whatever it answered: the hold begins anew.
        boolean leads = verify();
        stateSince = clock.nanos();
        stateSinceWall = clock.now();
        evidence = null;
        ForceResult result = leads ? ForceResult.SUCCESS : ForceResult.FAILURE;
        long pause = leads ? 0 : pauseAfter(attempts.failuresInARow() + 1, now.heal());
        attempts = attempts.with(new Attempts.Call(clock.nanos(), result, pause));
        forces.merge(result, 1L, Long::sum);
        SwarmSnapshot seen = snapshot;
        String detail = answer + "; afterwards: " + (seen == null ? "unknown" : seen.state() + ", " + seen.detail());
        lastAnswer = detail;
        record(() -> journal.result(id, result, Duration.ofNanos(pause), detail));
        if (leads) {
            LOG.warn("Swarm: healed, this node leads ({})", detail);
        } else {
            LOG.error("Swarm: the force did not help ({})", detail);
        }
        tell(() -> listener.forced(result, detail));
    }

    /** The answer proves nothing: a force that succeeded can report an error. Only the state does. */
    private boolean verify() {
        long deadline = clock.nanos() + VERIFY_WITHIN.toNanos();
        while (true) {
            look();
            SwarmSnapshot seen = snapshot;
            if (seen != null && seen.selfIsLeader()) {
                return true;
            }
            if (deadline - clock.nanos() <= 0 || closed) {
                return false;
            }
            try {
                clock.sleep(VERIFY_POLL.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private SwarmGateway.ForceRequest request(InetAddress advertise, String nodeId) {
        ClusterFacts cluster = cluster();
        SwarmSnapshot seen = snapshot;
        KnownManagers remembered = known;
        int port = Stream.concat(
                        remembered == null ? Stream.of() : remembered.managersFor(nodeId).stream(),
                        seen == null ? Stream.of() : seen.managers().stream())
                .filter(m -> m.id().equals(nodeId))
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .map(Endpoint::port)
                .findFirst()
                .orElse(Endpoint.SWARM_PORT);
        return new SwarmGateway.ForceRequest(advertise, port, cluster == null ? 0 : cluster.dataPathPort());
    }

    /** Between the minimum and the doubled pause of the time before, at random, so that two hosts never keep in step. */
    private long pauseAfter(int failures, HealConfig heal) {
        long min = heal.backoffMin().toNanos();
        long max = heal.backoffMax().toNanos();
        long bound = min;
        for (int i = 0; i < failures && bound < max; i++) {
            bound = bound > max / 2 ? max : bound * 2;
        }
        return min + (bound > min ? ports.random().nextLong(bound - min + 1) : 0);
    }

    private static String describe(ApiReply<String> reply) {
        return switch (reply) {
            case ApiReply.Ok<String> ok -> "the engine answered " + ok.value();
            case ApiReply.Refused<String>(int code, String message) -> "the engine answered " + code + ": " + message;
            case ApiReply.Failed<String>(EngineFault fault, String detail) -> fault.label() + ": " + detail;
            case ApiReply.NotAsked<String>() -> "not asked";
        };
    }

    // ---- telling

    @FunctionalInterface
    private interface Entry {
        void write() throws IOException;
    }

    private static void record(Entry entry) {
        try {
            entry.write();
        } catch (IOException e) {
            LOG.warn("Swarm: cannot write the journal: {}", e.toString());
        }
    }

    /** A listener that fails must not come between a decision and its record. */
    private static void tell(Runnable message) {
        try {
            message.run();
        } catch (RuntimeException e) {
            LOG.error("Swarm: a listener failed", e);
        }
    }

    private void conclude(HealPlan decided) {
        boolean isNew = firstDecision || !decided.sameDecision(plan);
        plan = decided;
        firstDecision = false;
        if (isNew) {
            SwarmSnapshot seen = snapshot;
            if (decided instanceof HealPlan.NothingToDo) {
                LOG.info("Swarm: nothing to do: {} [{}]", decided.explanation(), decided.reasonLabel());
            } else {
                LOG.warn("Swarm: {}: {} [{}]", decided.kind(), decided.explanation(), decided.reasonLabel());
            }
            if (decided instanceof HealPlan.Refuse refuse) {
                refusals.merge(refuse.reason(), 1L, Long::sum);
                tell(() -> listener.refused(refuse.reason(), refuse.detail()));
            }
            if (config.enabled()) {
                record(() -> journal.decision(decided, seen == null ? null : seen.state()));
            }
            tell(() -> listener.decided(decided));
        }
        status = describe();
    }

    private HealStatus describe() {
        SwarmConfig now = config;
        SwarmSnapshot seen = snapshot;
        ClusterFacts cluster = cluster();
        List<Manager> managers = seen == null
                ? List.of()
                : seen.state() == SwarmState.HAS_LEADER
                        ? seen.managers()
                        : known != null && !known.managersFor(seen.nodeId()).isEmpty()
                                ? known.managersFor(seen.nodeId())
                                : seen.managers();
        PolicyOrder order = policyOrder;
        Attempts.Call last = attempts.last();
        return new HealStatus(
                seen == null ? null : seen.state(),
                seen == null ? "" : seen.detail(),
                seen == null ? null : seen.fault(),
                seen == null ? null : stateSinceWall,
                seen == null ? null : wall(seen.observedNanos()),
                now.heal().mode(),
                tenure != null,
                plan.kind(),
                plan.reasonLabel(),
                plan.explanation(),
                plan instanceof HealPlan.Wait wait ? wall(wait.untilNanos()) : null,
                attempts.inARow(clock.nanos(), now.heal().cooldown().toNanos()),
                forces,
                refusals,
                seen == null ? "" : seen.nodeId(),
                cluster == null ? "" : cluster.id(),
                managers,
                seen == null ? null : seen.leader().orElse(null),
                configured.heal().mode(),
                order == null ? null : order.since(),
                last == null ? null : new HealStatus.LastForce(wall(last.atNanos()), last.result()));
    }

    private Instant wall(long nanos) {
        return clock.now().plusNanos(nanos - clock.nanos());
    }
}
