package dev.holdfast.swarm;

import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/** A healer on a virtual clock with a world made of fields: the engine's answers, the living managers, the witness. */
final class Rig implements HealListener {

    final FakeClock clock;
    /** Where the next healer keeps its state. */
    StateStore store;

    final List<SwarmGateway.ForceRequest> forced = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    final Set<Endpoint> answering = ConcurrentHashMap.newKeySet();
    final Set<InetAddress> local = new HashSet<>(Set.of(Swarms.ip("10.0.0.1"), Swarms.ip("10.0.0.70")));
    Supplier<SwarmObservation> engine = () -> Swarms.hasLeader(2, 2);
    Function<SwarmGateway.ForceRequest, ApiReply<String>> onForce = request -> {
        engine = () -> Swarms.hasLeader(1, 1);
        return new ApiReply.Ok<>("m1");
    };
    volatile WitnessProbe.Outcome witness = WitnessProbe.Outcome.ANSWERED;
    /** Called before each probe of another manager. */
    Runnable onAsk = () -> {};

    /** How many probes of other managers there were. */
    int asked;

    /** The other agents. */
    Peers peers = Peers.NONE;

    int looks;

    /** How long ago the host booted when the next healer is made. */
    Duration uptime = Duration.ofDays(9);

    SwarmHealer healer;

    Rig(Path stateDir) {
        this(stateDir, new FakeClock(), HealMode.GUARDED);
    }

    Rig(Path stateDir, FakeClock clock, HealMode mode) {
        this.clock = clock;
        this.store = StateStore.in(stateDir);
        this.healer = newHealer(mode);
    }

    static SwarmConfig config(HealMode mode) {
        HealConfig defaults = HealConfig.defaults();
        return new SwarmConfig(
                true,
                SwarmConfig.DEFAULT_DOCKER_HOST,
                null,
                new HealConfig(
                        mode,
                        defaults.hold(),
                        List.of(),
                        defaults.backoffMin(),
                        defaults.backoffMax(),
                        defaults.maxAttempts(),
                        defaults.cooldown(),
                        defaults.bootGrace()),
                Set.of(Swarms.ip("10.0.0.70")));
    }

    /** A new process on the same state directory. */
    SwarmHealer newHealer(HealMode mode) {
        SwarmGateway gateway = new SwarmGateway() {
            @Override
            public SwarmObservation observe() {
                return engine.get();
            }

            @Override
            public ApiReply<String> forceNewCluster(ForceRequest request) {
                forced.add(request);
                return onForce.apply(request);
            }

            @Override
            public void close() {}
        };
        healer = new SwarmHealer(
                config(mode),
                new HealPorts(
                        gateway,
                        this::answers,
                        w -> new WitnessProbe.Answer(w, witness, w + " asked"),
                        () -> Set.copyOf(local),
                        clock,
                        new Random(1),
                        new Others(),
                        () -> uptime),
                store,
                this,
                Caretaker.NONE,
                Executors.newVirtualThreadPerTaskExecutor());
        return healer;
    }

    private synchronized boolean answers(Endpoint manager) {
        asked++;
        onAsk.run();
        return answering.contains(manager);
    }

    /** Whoever the others are at the moment. */
    private final class Others implements Peers {
        @Override
        public int configured() {
            return peers.configured();
        }

        @Override
        public List<Heard> heard() {
            return peers.heard();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            return peers.ask(agent, request, within);
        }
    }

    void master() {
        healer.masterSince(clock.nanos());
    }

    /** Lets the healer work for that long. */
    void run(Duration howLong) {
        long end = clock.nanos() + howLong.toNanos();
        while (end - clock.nanos() > 0) {
            long pause = healer.step();
            clock.advance(Duration.ofNanos(Math.clamp(end - clock.nanos(), 0, pause)));
        }
    }

    void runSeconds(long seconds) {
        run(Duration.ofSeconds(seconds));
    }

    @Override
    public void looked(SwarmHealer.Look look) {
        looks++;
    }

    @Override
    public void stateChanged(SwarmSnapshot snapshot) {
        heard.add("state " + snapshot.state());
    }

    @Override
    public void decided(HealPlan plan) {
        heard.add(plan.kind() + " " + plan.reasonLabel());
    }

    @Override
    public void forced(ForceResult result, String detail) {
        heard.add("forced " + result.label());
    }
}
