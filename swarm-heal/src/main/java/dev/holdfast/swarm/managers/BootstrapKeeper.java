package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.StateFiles;
import dev.holdfast.swarm.SwarmAdministration;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out {@link BootstrapPolicy}: asks the others, makes the first Swarm, or joins the one that is there. */
final class BootstrapKeeper implements Keeper {

    /** Made when somebody takes this host out of its Swarm while its agent looks on. */
    static final String LEFT = "left-swarm";

    /** After a call that did not help. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    /** After an answer that did not help; costs nobody anything. */
    static final Duration SHORT_PAUSE = Duration.ofSeconds(3);

    private static final AdvertiseAddress NOT_NEEDED =
            new AdvertiseAddress.Unusable(HealRefusal.ADVERTISE_ADDRESS_UNKNOWN, "not looked for");
    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private final KeeperPorts ports;
    private final Path stateDir;
    private final Repairs repairs;
    private final AddressChoice addresses;
    private final Entrance entrance;

    /** Guards what the answers to others share with the healer's thread: an agent yields, or begins, never both. */
    private final Object lock = new Object();

    private @Nullable Initiative held;
    private ManagersConfig config = ManagersConfig.defaults();
    private @Nullable SwarmSnapshot latest;
    private boolean fresh;
    private boolean ready;

    // The healer's thread alone.
    private boolean left;
    private boolean loaded;
    private @Nullable SwarmState before;
    /** The engine agreed to a call at this time that put it into a Swarm, and it was not looked at since; null otherwise. */
    private @Nullable Long enteredNanos;

    private @Nullable KeepPlan obstacle;
    private long pauseEnd;
    /** The only call since the attempt began was refused at this time; null otherwise. */
    private @Nullable Long refusedNanos;

    BootstrapKeeper(KeeperPorts ports, Path stateDir, Repairs repairs, AddressChoice addresses) {
        this.ports = ports;
        this.stateDir = stateDir;
        this.repairs = repairs;
        this.addresses = addresses;
        this.entrance = new Entrance(ports);
    }

    @Override
    public KeepTask task() {
        return KeepTask.BOOTSTRAP;
    }

    @Override
    public KeepPlan plan(Caretaker.Round round, ManagersConfig now) {
        SwarmSnapshot seen = round.snapshot();
        try {
            load();
            notice(seen, now.bootstrap());
            takeBack(seen);
            boolean rejoining = Files.exists(stateDir.resolve(PendingJoin.FILE));
            KeepPlan plan = BootstrapPolicy.decide(new BootstrapPolicy.Inputs(
                    now.bootstrap(),
                    round.master(),
                    ports.peers().configured(),
                    ports.peers().roster(),
                    heard(),
                    seen,
                    round.everInSwarm(),
                    left,
                    hasBegun(),
                    rejoining,
                    seen.state() == SwarmState.INACTIVE && now.bootstrap() ? advertise() : NOT_NEEDED,
                    round.nowNanos()));
            boolean acts = plan instanceof KeepPlan.Act;
            KeepPlan stopped = acts && pauseEnd - round.nowNanos() > 0 ? obstacle : null;
            obstacle = stopped;
            synchronized (lock) {
                config = now;
                latest = seen;
                fresh = seen.isCleanlyInactive() && !round.everInSwarm() && !left && !rejoining;
                ready = plan instanceof KeepPlan.Act act
                        && act.action() == KeepAction.INIT
                        && !(stopped instanceof KeepPlan.Refuse refuse && refuse.reason() == KeepRefusal.CALL_FAILED);
            }
            entrance.looked(seen, now);
            return stopped == null ? plan : stopped;
        } catch (IOException e) {
            synchronized (lock) {
                fresh = false;
                ready = false;
            }
            return new KeepPlan.Refuse(KeepRefusal.STATE_NOT_SAVED, e.toString());
        }
    }

    private AdvertiseAddress advertise() {
        return addresses.choose(ports.peers().roster().address());
    }

    private void load() throws IOException {
        if (!loaded) {
            Initiative read = Initiative.read(stateDir);
            left = Files.exists(stateDir.resolve(LEFT));
            synchronized (lock) {
                held = read;
            }
            loaded = true;
        }
    }

    /** Somebody took this host out of its Swarm if it was in one, and simply is in none now. */
    private void notice(SwarmSnapshot seen, boolean bootstrap) throws IOException {
        boolean taken =
                wasInSwarm(seen) && seen.isCleanlyInactive() && !Files.exists(stateDir.resolve(PendingJoin.FILE));
        before = seen.state();
        boolean now = bootstrap && (left || taken) && seen.nodeId().isEmpty();
        if (now && !left) {
            StateFiles.replace(stateDir.resolve(LEFT), "\n".getBytes(StandardCharsets.UTF_8));
        } else if (left && !now) {
            Files.deleteIfExists(stateDir.resolve(LEFT));
        }
        left = now;
    }

    private boolean wasInSwarm(SwarmSnapshot seen) {
        Long entered = enteredNanos;
        if (entered != null && seen.observedNanos() - entered > 0) {
            enteredNanos = null;
            return true;
        }
        return before != null
                && switch (before) {
                    case HAS_LEADER, NO_LEADER, ELECTING, WORKER -> true;
                    default -> false;
                };
    }

    /** The engine has refused, and this look came after that: the call had no effect, and never will have one. */
    private void takeBack(SwarmSnapshot seen) throws IOException {
        Long refused = refusedNanos;
        if (refused != null && seen.isCleanlyInactive() && seen.observedNanos() - refused > 0) {
            synchronized (lock) {
                keep(held().takenBack());
            }
            refusedNanos = null;
        }
    }

    private boolean hasBegun() {
        synchronized (lock) {
            return held().kind() == Initiative.Kind.BEGUN;
        }
    }

    private Initiative held() {
        Initiative known = held;
        if (known == null) {
            throw new IllegalStateException("not read yet");
        }
        return known;
    }

    private void keep(Initiative next) throws IOException {
        if (!next.equals(held)) {
            next.write(stateDir);
            held = next;
        }
    }

    private List<AgentReport> heard() {
        return heard(ports);
    }

    /** {@return the reports of the agents that count and were heard lately} */
    static List<AgentReport> heard(KeeperPorts ports) {
        long now = ports.clock().nanos();
        return ports.peers().heard().stream()
                .filter(heard -> now - heard.atNanos() <= HealPolicy.MAX_AGE.toNanos())
                .map(Peers.Heard::report)
                .filter(report -> ports.peers().counts(report.agent()))
                .toList();
    }

    @Override
    public void act(KeepPlan.Act act, Caretaker.Round round, ManagersConfig now) {
        if (!(advertise() instanceof AdvertiseAddress.Usable(InetAddress address))) {
            return;
        }
        try {
            if (act.action() == KeepAction.INIT) {
                init(act, address);
            } else {
                join(act, address);
            }
        } catch (IOException e) {
            stop(new KeepPlan.Refuse(KeepRefusal.STATE_NOT_SAVED, e.toString()), PAUSE);
        }
    }

    private void init(KeepPlan.Act act, InetAddress address) throws IOException {
        String self = ports.peers().roster().self();
        List<String> others = heard().stream().map(AgentReport::agent).toList();
        Initiative own;
        synchronized (lock) {
            own = held().claimed(self, UUID.randomUUID().toString());
            keep(own);
        }
        PeerRequest.Bootstrap request =
                new PeerRequest.Bootstrap(own.nonce(), names(self, others), own.kind() == Initiative.Kind.BEGUN);
        if (others.contains(self) || others.size() != ports.peers().configured() - 1) {
            stop(new KeepPlan.Refuse(KeepRefusal.OTHER_AGENTS, "heard: " + request.agents()), SHORT_PAUSE);
            return;
        }
        for (String other : others) {
            PeerReply reply = ports.peers().ask(other, request, SurvivorSearch.PATIENCE);
            if (!(reply instanceof PeerReply.Yielded(String nonce)) || !nonce.equals(own.nonce())) {
                stop(new KeepPlan.Refuse(KeepRefusal.NOT_PROMISED, other + ": " + Entrance.said(reply)), SHORT_PAUSE);
                return;
            }
        }
        boolean only;
        synchronized (lock) {
            Initiative now = held();
            if (!now.holds(own.nonce())) {
                // Yielded meanwhile.
                return;
            }
            only = now.kind() == Initiative.Kind.OWN;
            keep(now.begun());
        }
        AtomicReference<ApiReply<String>> answer = new AtomicReference<>(new ApiReply.NotAsked<>());
        boolean agreed = repairs.perform(act, () -> {
            ApiReply<String> reply = ports.administration().init(address, Endpoint.SWARM_PORT);
            answer.set(reply);
            return reply;
        });
        refusedNanos = only && isCertainlyOver(answer.get()) ? repairs.nanos() : null;
        if (agreed) {
            enteredNanos = repairs.nanos();
        } else {
            stop(new KeepPlan.Refuse(KeepRefusal.CALL_FAILED, "init; " + repairs.answer()), PAUSE);
        }
    }

    /** A proxy before the engine may answer 502 or 504 while the engine goes on. */
    private static boolean isCertainlyOver(ApiReply<String> reply) {
        return reply instanceof ApiReply.NotAsked<String>
                || (reply instanceof ApiReply.Refused<String>(int status, String _) && status != 502 && status != 504);
    }

    private static List<String> names(String self, List<String> others) {
        return List.copyOf(
                new TreeSet<>(Stream.concat(Stream.of(self), others.stream()).toList()));
    }

    private void join(KeepPlan.Act act, InetAddress address) {
        synchronized (lock) {
            // From now on the last look says nothing.
            fresh = false;
        }
        switch (entrance.find(heard())) {
            case Entrance.Found.Closed(KeepPlan plan) -> stop(plan, SHORT_PAUSE);
            case Entrance.Found.Open(PeerReply.Tokens tokens, List<Endpoint> answering) -> {
                SwarmAdministration.JoinRequest request =
                        new SwarmAdministration.JoinRequest(tokens.token(), answering, address, Endpoint.SWARM_PORT);
                KeepPlan.Act as = new KeepPlan.Act(
                        act.action(),
                        act.subject(),
                        act.reason(),
                        act.detail() + ", as " + (tokens.manager() ? "manager" : "worker"),
                        false);
                if (repairs.perform(as, () -> ports.administration().join(request))) {
                    enteredNanos = repairs.nanos();
                } else {
                    stop(
                            new KeepPlan.Refuse(KeepRefusal.CALL_FAILED, "join; " + repairs.answer()),
                            repairs.pauseBeforeNextJoin());
                }
            }
        }
    }

    private void stop(KeepPlan plan, Duration pause) {
        obstacle = plan;
        pauseEnd = repairs.nanos() + pause.toNanos();
    }

    /** Answers another agent's {@code Bootstrap}, and its {@code Tokens} for a host that has no former node. */
    PeerReply answer(String from, PeerRequest request) {
        return switch (request) {
            case PeerRequest.Bootstrap asked -> answerTo(from, asked);
            case PeerRequest.Tokens(String cluster, String _) -> entrance.open(from, cluster);
            default -> new PeerReply.Refused(KeepRefusal.BOOTSTRAP_OFF.label(), "that is not asked of a bootstrap");
        };
    }

    private PeerReply answerTo(String from, PeerRequest.Bootstrap asked) {
        String self = ports.peers().roster().self();
        List<String> others = heard().stream().map(AgentReport::agent).toList();
        boolean counts = ports.peers().counts(from) && ports.peers().configured() == others.size() + 1;
        synchronized (lock) {
            Initiative known = held;
            SwarmSnapshot seen = latest;
            if (known == null || seen == null) {
                return new PeerReply.Refused(KeepRefusal.STALE.label(), "not looked yet");
            }
            boolean recent = ports.clock().nanos() - seen.observedNanos() <= HealPolicy.MAX_AGE.toNanos();
            BootstrapPolicy.Answer answer = BootstrapPolicy.answer(
                    known,
                    from,
                    asked,
                    new BootstrapPolicy.Situation(
                            config.bootstrap(),
                            counts,
                            self,
                            new TreeSet<>(names(self, others)),
                            fresh && recent,
                            ready && recent));
            try {
                keep(answer.initiative());
            } catch (IOException e) {
                LOG.error("Swarm: cannot save who makes the first swarm: {}", e.toString());
                return new PeerReply.Refused(KeepRefusal.STATE_NOT_SAVED.label(), e.toString());
            }
            if (answer.reply() instanceof PeerReply.Yielded && !known.nonce().equals(asked.nonce())) {
                LOG.info("Swarm: left to {} to make the first swarm", from);
            }
            return answer.reply();
        }
    }
}
