package dev.holdfast.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.cli.ConfigSupplier;
import dev.holdfast.agent.config.HoldfastConfig;
import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.control.ControlServer;
import dev.holdfast.agent.control.RunDir;
import dev.holdfast.agent.control.StateFile;
import dev.holdfast.agent.http.EventStreams;
import dev.holdfast.agent.http.HttpApi;
import dev.holdfast.agent.http.Pages;
import dev.holdfast.agent.log.HandoffAppender;
import dev.holdfast.agent.metrics.AgentMetrics;
import dev.holdfast.agent.notify.EventStream;
import dev.holdfast.agent.notify.Notifier;
import dev.holdfast.agent.notify.NotifyEvent;
import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.agent.status.HoldfastVersion;
import dev.holdfast.agent.status.StatusJson;
import dev.holdfast.agent.status.Timeline;
import dev.holdfast.agent.track.Interfaces;
import dev.holdfast.agent.track.SwarmLooks;
import dev.holdfast.agent.track.Trackers;
import dev.holdfast.swarm.LocalAddresses;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.vrrp.engine.EngineException;
import dev.holdfast.vrrp.engine.EngineListener;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VrrpEngine;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running agent: configuration, engine, trackers, hooks, HTTP, control socket and healing, tied together. */
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    /** How long the engine may take to do what it is told. */
    private static final Duration ENGINE_LIMIT = Duration.ofSeconds(5);

    /** How long the hand-overs of a planned stop may take together; version 2 takes 3 s at most. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(10);

    /** How long a look at the engine may take before the agent counts as not well. */
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(1);

    /** How long another agent may take to tell its status. */
    private static final Duration PEER_LIMIT = Duration.ofSeconds(2);

    /** How long the hooks together may go on when the agent leaves. */
    private static final Duration LAST_HOOKS_LIMIT = Duration.ofSeconds(5);

    private static final int REHEARSALS_TO_REMEMBER = 3;

    private final ConfigSupplier source;
    private final RunDir runDir;
    private final Notifier notifier = new Notifier();
    private final EventStream events = new EventStream();
    private final Timeline timeline = new Timeline();
    private final Mastership mastership = new Mastership(System::nanoTime);
    private final Transitions transitions;
    private final PriorityChanges priorityChanges;
    private final Trackers trackers;
    private final VrrpHost engine;
    private final SwarmWatch swarm;
    private final AgentPeers peers;
    private final SwarmLooks swarmLooks = new SwarmLooks();
    private final OtherAgents others =
            new OtherAgents(LocalAddresses.ofThisHost()::current, swarmLooks::latest, this::configuredAgents);
    private final ClusterView cluster = new ClusterView(new ClusterSource());
    private final EventStreams streams = new EventStreams(cluster);
    private final AgentMetrics metrics;
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong reloadsRefused = new AtomicLong();
    private volatile HoldfastConfig config;
    private volatile boolean applied;
    private volatile @Nullable StateFile stateFile;
    private volatile Runnable whenChanged = () -> {};
    private @Nullable ControlServer control;
    private @Nullable HttpApi http;

    private Agent(
            ConfigSupplier source,
            HoldfastConfig config,
            RunDir runDir,
            Path stateDir,
            Function<EngineListener, VrrpHost> engines) {
        this.source = source;
        this.config = config;
        this.runDir = runDir;
        Interfaces interfaces = new Interfaces();
        this.transitions = new Transitions(timeline, this::entered, this::groupEntered, interfaces::changed);
        this.priorityChanges = new PriorityChanges(transitions::state, events::publish);
        this.trackers = new Trackers(this::tracked, interfaces, swarmLooks);
        this.engine = engines.apply(transitions);
        // Before the watch, whose healer asks over it.
        this.peers = new AgentPeers(mastership::isMaster, this::healer, this::managersAnswer);
        this.swarm = new SwarmWatch(stateDir, mastership, new SwarmTimeline(swarmLooks, timeline), peers::peers);
        this.metrics =
                new AgentMetrics(this::statusIfWell, () -> this.config.http().keepalivedMetrics());
    }

    /**
     * Starts an agent.
     *
     * @param runDir where control socket and state go; made if need be
     * @param stateDir for what healing must remember
     * @throws ConfigException if the configuration can't be used
     * @throws AgentException if the run-dir can't be used, another agent has it, or the engine can't run here
     */
    public static Agent start(ConfigSupplier source, Path runDir, Path stateDir)
            throws ConfigException, AgentException {
        return start(source, runDir, stateDir, VrrpHost::open);
    }

    static Agent start(ConfigSupplier source, Path runDir, Path stateDir, Function<EngineListener, VrrpHost> engines)
            throws ConfigException, AgentException {
        LoadedConfig loaded = source.load();
        for (ConfigWarning warning : loaded.warnings()) {
            LOG.warn("{}", warning.message());
        }
        RunDir taken;
        try {
            taken = RunDir.take(runDir);
        } catch (IOException e) {
            throw new AgentException(String.valueOf(e.getMessage()), e);
        }
        @Nullable Agent agent = null;
        try {
            agent = new Agent(source, loaded.config(), taken, stateDir, engines);
            agent.open();
            return agent;
        } catch (EngineException | IllegalArgumentException | IOException e) {
            if (agent == null) {
                giveBack(taken);
            } else {
                agent.stop();
            }
            throw new AgentException(String.valueOf(e.getMessage()), e);
        }
    }

    private void open() throws IOException {
        LOG.info(
                "holdfast {} starts on {}, instances: {}",
                HoldfastVersion.current(),
                config.node(),
                config.vrrp().instances().size());
        notifier.replaceHooks(hooks(config));
        events.writeTo(config.vrrp().fifo());
        events.serve(runDir.listen(RunDir.eventSocket(runDir.path())));
        Map<String, ControlServer.Handler> commands =
                new HashMap<>(new HealControl(swarm::healer, swarm::managers).handlers());
        commands.put("status", _ -> statusForClient());
        commands.put("status-all", _ -> statusOfAll());
        commands.put("handover", new HandOverCommand(engine::handOver)::handle);
        control = ControlServer.open(runDir, commands);
        stateFile = new StateFile(runDir.path(), this::stateLines);
        schedule(config.vrrp().realTime());
        var _ = engine.limitAnnouncements(config.vrrp().announcementsPerSecond());
        await(engine.apply(config.vrrp().engineSpec()));
        applied = true;
        // Beside what follows, which takes longer.
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> engine.rehearse(VrrpEngine.REHEARSALS_TO_COMPILE));
        trackers.apply(config.vrrp());
        http = new HttpApi(config.http().listen(), new AgentPages(), streams);
        // Last: the engine's client is the largest part to load, and the addresses must not wait for it.
        swarmLooks.bootstrap(config.managers().bootstrap());
        swarm.watchClosely(config.vrrp().tracksSwarm());
        swarm.apply(config.swarm(), config.managers());
        peers.apply(config);
    }

    /** Refused, it is a warning: the protocol works, only not on a host whose CPUs are all busy. */
    private void schedule(boolean realTime) {
        // An event loop is an ordinary thread at first.
        if (realTime || applied) {
            var _ = engine.realTime(realTime)
                    .thenAccept(refused -> refused.ifPresent(
                            reason -> LOG.warn("{} (holdfast.vrrp.real-time = false says not to try)", reason)));
        }
    }

    /** Has in memory what a take-over needs. Blocks for some milliseconds. */
    void rehearse() {
        engine.rehearse(REHEARSALS_TO_REMEMBER);
    }

    /** Reads the configuration anew and does what it says; a wrong one changes nothing and is logged with all its faults. */
    public synchronized void reload() {
        LoadedConfig loaded;
        try {
            loaded = source.load();
        } catch (ConfigException e) {
            reloadsRefused.incrementAndGet();
            for (ConfigWarning warning : e.warnings()) {
                LOG.warn("{}", warning.message());
            }
            for (Fault fault : e.faults()) {
                LOG.error("{}", fault.message());
            }
            LOG.error(
                    "The new configuration is wrong, faults: {}; everything stays as it was",
                    e.faults().size());
            return;
        }
        HoldfastConfig next = loaded.config();
        for (ConfigWarning warning : loaded.warnings()) {
            LOG.warn("{}", warning.message());
        }
        // Removed instances still run their stop hooks, new ones already have theirs.
        notifier.addHooks(hooks(next));
        try {
            await(engine.apply(next.vrrp().engineSpec()));
        } catch (IllegalArgumentException | EngineException e) {
            reloadsRefused.incrementAndGet();
            notifier.replaceHooks(hooks(config));
            LOG.error("The new configuration can't be applied: {}: everything stays as it was", e.getMessage());
            return;
        }
        HoldfastConfig before = config;
        config = next;
        if (before.vrrp().realTime() != next.vrrp().realTime()) {
            schedule(next.vrrp().realTime());
        }
        var _ = engine.limitAnnouncements(next.vrrp().announcementsPerSecond());
        trackers.apply(next.vrrp());
        notifier.replaceHooks(hooks(next));
        events.writeTo(next.vrrp().fifo());
        swarmLooks.bootstrap(next.managers().bootstrap());
        swarm.watchClosely(next.vrrp().tracksSwarm());
        swarm.apply(next.swarm(), next.managers());
        peers.apply(next);
        if (http != null && !before.http().equals(next.http())) {
            http.close();
            http = new HttpApi(next.http().listen(), new AgentPages(), streams);
        }
        reloads.incrementAndGet();
        stateMayHaveChanged();
        LOG.info(
                "Configuration reloaded, instances: {}", next.vrrp().instances().size());
    }

    /**
     * Hands over, releases the addresses, runs the stop hooks and closes everything. That takes a few seconds: where nobody
     * follows, twice the longest Skew_Time.
     */
    public synchronized void stop() {
        LOG.info("Leaving");
        trackers.close();
        // Nobody who is about to leave is to force a Swarm.
        swarm.close();
        peers.close();
        try {
            await(engine.leave(LEAVE_LIMIT), LEAVE_LIMIT.plus(ENGINE_LIMIT));
        } catch (EngineException e) {
            LOG.error("The engine did not stop cleanly: {}", e.getMessage());
        }
        applied = false;
        try {
            notifier.close(LAST_HOOKS_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.close();
        try {
            Files.deleteIfExists(RunDir.eventSocket(runDir.path()));
        } catch (IOException e) {
            LOG.warn("The event socket can't be removed: {}", RunDir.reason(e));
        }
        cluster.close();
        if (http != null) {
            http.close();
        }
        if (control != null) {
            control.close();
        }
        if (stateFile != null) {
            stateFile.close();
        }
        giveBack(runDir);
        LOG.info("Gone");
    }

    /** Makes a {@link #stop} that is under way release the addresses at once, whether anybody follows or not. */
    public void hurry() {
        LOG.info("Not waiting for a successor any longer");
        CompletableFuture<Void> _ = engine.stop();
    }

    /**
     * One look at everything.
     *
     * @throws TimeoutException if the event loop does not answer within a second
     */
    public AgentStatus status() throws TimeoutException, InterruptedException {
        CompletableFuture<List<InstanceStatus>> instances = engine.status();
        CompletableFuture<EngineStatus> all = engine.engineStatus();
        try {
            return new AgentStatus(
                    config.node(),
                    HoldfastVersion.current(),
                    instances.get(STATUS_LIMIT.toMillis(), TimeUnit.MILLISECONDS).stream()
                            .map(vrrp -> new AgentStatus.Instance(
                                    vrrp, trackers.contributions(vrrp.spec().name())))
                            .toList(),
                    all.get(STATUS_LIMIT.toMillis(), TimeUnit.MILLISECONDS),
                    engine.rejectedByInterface().get(STATUS_LIMIT.toMillis(), TimeUnit.MILLISECONDS),
                    trackers.all(),
                    notifier.totals(),
                    swarm.status(),
                    swarm.managers(),
                    peers.peersStatus(),
                    new AgentStatus.ProcessCounters(
                            reloads.get(),
                            reloadsRefused.get(),
                            HandoffAppender.dropped(),
                            events.fifoLost(),
                            events.socketLost(),
                            streams.refusals()),
                    timeline.latest());
        } catch (ExecutionException e) {
            throw (TimeoutException) new TimeoutException("the event loop has ended").initCause(e);
        }
    }

    /** Whether the event loop answers, which takes some seconds to find out where it does not. */
    boolean isWell() {
        return statusIfWell().isPresent();
    }

    /** The state each instance entered last. */
    Map<String, VrrpState> roles() {
        return config.vrrp().instances().stream()
                .map(instance -> instance.spec().name())
                .collect(Collectors.toMap(name -> name, transitions::state));
    }

    /** Has something run whenever a role may have changed, on the event loop too: it must not block. */
    void whenChanged(Runnable listener) {
        whenChanged = listener;
    }

    private Optional<AgentStatus> statusIfWell() {
        try {
            return Optional.of(status());
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private ObjectNode statusForClient() throws ControlException, InterruptedException {
        try {
            return StatusJson.of(status());
        } catch (TimeoutException e) {
            throw new ControlException("the agent's event loop does not answer");
        }
    }

    private ObjectNode statusOfAll() throws ControlException, InterruptedException {
        try {
            AgentStatus status = status();
            return statusOfAll(status);
        } catch (TimeoutException e) {
            throw new ControlException("the agent's event loop does not answer");
        }
    }

    private Optional<SwarmHealer> healer() {
        return swarm.healer();
    }

    private PeerReply managersAnswer(String from, PeerRequest request) {
        return swarm.answers().answer(from, request);
    }

    private List<InetAddress> configuredAgents() {
        return config.peers().agents().stream()
                .map(InetSocketAddress::getAddress)
                .toList();
    }

    private ObjectNode statusOfAll(AgentStatus status) throws InterruptedException {
        return new StatusOfAll(PEER_LIMIT)
                .gather(
                        StatusJson.of(status),
                        others.addresses(status),
                        config.http().listen().getPort());
    }

    /** On the event loop. */
    private void entered(InstanceSpec instance, VrrpState state) {
        String name = instance.name();
        mastership.entered(name, state);
        int priority = trackers.effective(name, instance.priority()).priority();
        NotifyEvent event = new NotifyEvent(name, NotifyEvent.State.of(state), priority);
        notifier.transition(event);
        events.publish(event);
        stateMayHaveChanged();
    }

    /** On the event loop. */
    private void groupEntered(String group, VrrpState state) {
        NotifyEvent event = NotifyEvent.ofGroup(group, state);
        notifier.transition(event);
        events.publish(event);
        stateMayHaveChanged();
    }

    private void tracked(String instance, EffectivePriority now) {
        CompletableFuture<Void> _ = engine.track(instance, now);
        priorityChanges.reckoned(config.vrrp(), instance, now.priority());
        stateMayHaveChanged();
    }

    private void stateMayHaveChanged() {
        StateFile file = stateFile;
        if (file != null) {
            file.changed();
        }
        whenChanged.run();
        cluster.changed();
    }

    private String stateLines() {
        Stream<String> instances = config.vrrp().instances().stream()
                .map(InstanceConfig::spec)
                .map(spec -> "INSTANCE " + spec.name() + " " + transitions.state(spec.name()) + " "
                        + trackers.effective(spec.name(), spec.priority()).priority() + "\n");
        Stream<String> groups = config.vrrp().groups().stream()
                .map(group -> "GROUP " + group.name() + " " + transitions.groupState(group.name()) + " 0\n");
        return Stream.concat(instances, groups).collect(Collectors.joining());
    }

    private static Map<String, NotifyConfig> hooks(HoldfastConfig config) {
        Map<String, NotifyConfig> hooks = new HashMap<>();
        config.vrrp().instances().forEach(instance -> hooks.put(instance.name(), instance.hooks()));
        config.vrrp().groups().forEach(group -> hooks.put(NotifyEvent.groupSubject(group.name()), group.hooks()));
        return hooks;
    }

    private static void await(CompletableFuture<Void> done) {
        await(done, ENGINE_LIMIT);
    }

    private static void await(CompletableFuture<Void> done, Duration limit) {
        try {
            done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case EngineException known -> known;
                case IllegalArgumentException known -> known;
                case null, default -> new EngineException("the engine failed: " + e.getCause(), e);
            };
        } catch (TimeoutException e) {
            throw new EngineException("the engine did not answer within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("interrupted while waiting for the engine", e);
        }
    }

    private static void giveBack(RunDir runDir) {
        try {
            runDir.close();
        } catch (IOException e) {
            LOG.warn("The run-dir's lock can't be closed: {}", e.getMessage());
        }
    }

    private final class ClusterSource implements ClusterView.Source {
        @Override
        public Optional<ObjectNode> own() {
            return statusIfWell().map(StatusJson::of);
        }

        @Override
        public Optional<ObjectNode> all() throws InterruptedException {
            Optional<AgentStatus> status = statusIfWell();
            return status.isEmpty() ? Optional.empty() : Optional.of(statusOfAll(status.get()));
        }
    }

    private final class AgentPages implements Pages {
        private static final String TEXT = "text/plain; charset=utf-8";

        @Override
        public Page metrics() {
            return new Page(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
        }

        @Override
        public Page health() {
            return statusIfWell().isPresent()
                    ? new Page(200, TEXT, "ok\n")
                    : new Page(503, TEXT, "the event loop does not answer\n");
        }

        @Override
        public Page readiness() {
            return applied ? new Page(200, TEXT, "ready\n") : new Page(503, TEXT, "not ready\n");
        }

        @Override
        public Page status() {
            return statusIfWell()
                    .map(status -> new Page(200, "application/json", StatusJson.of(status) + "\n"))
                    .orElseGet(() ->
                            new Page(503, "application/json", "{\"error\":\"the event loop does not answer\"}\n"));
        }

        @Override
        public Page cluster() {
            try {
                return cluster.complete(PEER_LIMIT.multipliedBy(2))
                        .map(version -> new Page(200, "application/json", version.json() + "\n"))
                        .orElseGet(() -> new Page(503, "application/json", "{\"error\":\"not known yet\"}\n"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Page(503, "application/json", "{\"error\":\"the agent is leaving\"}\n");
            }
        }
    }
}
