package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.AdvertiseAddress;
import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmAdministration;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out {@link RejoinPolicy}: before a node leaves, the token for its return is there, a manager answers, and what it is about to
 * do is on disk, so that an agent that ends in between goes on when it is started.
 */
final class RejoinKeeper implements Keeper {

    /** After a try that did not help. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    /** So long an engine may need to leave, also after an answer that did not come. */
    static final Duration LEAVING = Duration.ofMinutes(2);

    private static final Duration LATELY = Duration.ofHours(1);
    private static final AdvertiseAddress NOT_NEEDED =
            new AdvertiseAddress.Unusable(HealRefusal.ADVERTISE_ADDRESS_UNKNOWN, "not looked for");
    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private final KeeperPorts ports;
    private final Path stateDir;
    private final Repairs repairs;
    private final AddressChoice addresses;
    private final SurvivorSearch survivors;

    private @Nullable OwnNode own;
    private @Nullable PendingJoin pending;
    private boolean loaded;
    private @Nullable KeepReason foundCase;
    private long caseSince;
    private KeepPlan.@Nullable Refuse obstacle;
    private long pauseEnd;
    private long leaveEnd;
    private @Nullable KeepPlan loss;
    private long lossEnd;

    RejoinKeeper(KeeperPorts ports, Path stateDir, Repairs repairs, AddressChoice addresses) {
        this.ports = ports;
        this.stateDir = stateDir;
        this.repairs = repairs;
        this.addresses = addresses;
        this.survivors = new SurvivorSearch(ports.peers(), ports.clock());
    }

    @Override
    public KeepTask task() {
        return KeepTask.REJOIN;
    }

    @Override
    public KeepPlan plan(Caretaker.Round round, ManagersConfig config) {
        try {
            load(round.nowNanos());
            learn(round.snapshot());
            KeepPlan plan = pending != null ? joining(pending, round, config) : deciding(round, config);
            if (!(plan instanceof KeepPlan.Act)) {
                return plan;
            }
            KeepPlan.Refuse stopped = obstacle;
            if (stopped != null && pauseEnd - round.nowNanos() > 0) {
                return stopped;
            }
            obstacle = null;
            return plan;
        } catch (IOException e) {
            return new KeepPlan.Refuse(KeepRefusal.STATE_NOT_SAVED, e.toString());
        }
    }

    private void load(long nowNanos) throws IOException {
        if (!loaded) {
            own = OwnNode.read(stateDir);
            pending = PendingJoin.read(stateDir);
            leaveEnd = nowNanos + LEAVING.toNanos();
            loaded = true;
        }
    }

    private OwnNode own() {
        OwnNode known = own;
        return known == null ? OwnNode.FRESH : known;
    }

    private void learn(SwarmSnapshot seen) throws IOException {
        OwnNode before = own();
        OwnNode now = before;
        if (seen.state() == SwarmState.HAS_LEADER && seen.cluster() != null) {
            SwarmNode self = seen.self().orElse(null);
            // A leader that does not list this node says nothing of what it was.
            if (self != null) {
                Manager raft = self.manager();
                Endpoint endpoint = raft == null ? null : raft.endpoint();
                now = new OwnNode(
                        true,
                        seen.cluster().id(),
                        seen.nodeId(),
                        seen.nodeAddress(),
                        endpoint == null ? before.port() : endpoint.port(),
                        self.isManagerByRole(),
                        ports.lineage().get().epoch());
            }
        } else if (!seen.nodeId().isEmpty() && !seen.nodeId().equals(before.nodeId())) {
            now = new OwnNode(true, "", seen.nodeId(), seen.nodeAddress(), Endpoint.SWARM_PORT, false, 0);
        }
        keep(now);
    }

    private void keep(OwnNode now) throws IOException {
        if (!now.equals(own())) {
            now.write(stateDir);
            own = now;
        }
    }

    /** The node has left, or was about to. */
    private KeepPlan joining(PendingJoin join, Caretaker.Round round, ManagersConfig config) throws IOException {
        SwarmSnapshot seen = round.snapshot();
        boolean known = !seen.nodeId().isEmpty();
        boolean still = seen.nodeId().equals(join.formerNodeId());
        if (seen.state() != SwarmState.INACTIVE) {
            boolean over = known && (!still || leaveEnd - round.nowNanos() <= 0);
            if (over) {
                // It is in a Swarm again, or still; what is wrong then is found anew.
                PendingJoin.delete(stateDir);
                pending = null;
                foundCase = null;
                return new KeepPlan.Nothing(KeepReason.AS_IT_SHOULD_BE, still ? "never left" : "joined again");
            }
            return known
                    ? new KeepPlan.Wait(KeepReason.REJOINING, "until the engine has left", leaveEnd)
                    : new KeepPlan.Nothing(
                            KeepReason.ENGINE_NOT_READY, seen.state().name());
        }
        if (config.rejoin() == RejoinMode.OFF) {
            return new KeepPlan.Refuse(KeepRefusal.REJOIN_OFF, "this node has left its swarm in order to rejoin it");
        }
        if (ports.peers().configured() == 0) {
            return new KeepPlan.Refuse(
                    KeepRefusal.CHANNEL_MISSING, "this node has left its swarm and can't ask the way back");
        }
        return new KeepPlan.Act(KeepAction.JOIN, "", KeepReason.REJOINING, "", false);
    }

    private KeepPlan deciding(Caretaker.Round round, ManagersConfig config) throws IOException {
        OwnNode node = own();
        RejoinInputs.Survivor survivor = survivors.find(round, node);
        Standing told = survivor == null ? null : survivor.standing();
        if (told != null
                && told.kind() == Standing.Kind.WORKER
                && round.snapshot().state() == SwarmState.WORKER) {
            keep(node.asWorker());
        }
        RejoinInputs in = inputs(round, config, survivor, null);
        KeepReason found = RejoinPolicy.caseOf(in);
        if (found == null || found != foundCase) {
            foundCase = found;
            caseSince = round.nowNanos();
        }
        KeepPlan plan = RejoinPolicy.decide(inputs(round, config, survivor, null));
        boolean asksForLoss =
                plan instanceof KeepPlan.Refuse refuse && refuse.reason() == KeepRefusal.INVENTORY_UNKNOWN;
        if (!asksForLoss || survivor == null) {
            loss = null;
            return plan;
        }
        KeepPlan known = loss;
        if (known == null || lossEnd - round.nowNanos() <= 0) {
            known = RejoinPolicy.decide(inputs(round, config, survivor, lost(survivor)));
            // Only a no is remembered: what a yes gives up is what was just looked at.
            loss = known instanceof KeepPlan.Refuse ? known : null;
            lossEnd = ports.clock().nanos() + PAUSE.toNanos();
        }
        return known;
    }

    private RejoinInputs inputs(
            Caretaker.Round round,
            ManagersConfig config,
            RejoinInputs.@Nullable Survivor survivor,
            @Nullable List<Inventory.Item> lost)
            throws IOException {
        OwnNode node = own();
        return new RejoinInputs(
                config.rejoin(),
                ports.peers().configured() > 0,
                round.snapshot(),
                node,
                ports.lineage().get(),
                survivor,
                foundCase == null ? null : caseSince,
                lost,
                foundCase == null ? NOT_NEEDED : addresses.choose(node.address()),
                foundCase == null ? 0 : repairs.begun(KeepAction.LEAVE, LATELY),
                round.nowNanos());
    }

    private @Nullable List<Inventory.Item> lost(RejoinInputs.Survivor survivor) {
        return ports.administration().inventory() instanceof ApiReply.Ok<Inventory>(Inventory here)
                        && ports.peers()
                                        .ask(
                                                survivor.report().agent(),
                                                new PeerRequest.Inventory(),
                                                SurvivorSearch.PATIENCE)
                                instanceof PeerReply.Inventory(String cluster, Inventory there)
                        && cluster.equals(own().clusterId())
                ? here.missingFrom(there)
                : null;
    }

    @Override
    public void act(KeepPlan.Act act, Caretaker.Round round, ManagersConfig config) {
        try {
            if (act.action() == KeepAction.LEAVE) {
                leave(act);
            } else if (pending != null) {
                join(act, pending);
            }
        } catch (IOException e) {
            stop(KeepRefusal.STATE_NOT_SAVED, e.toString());
        }
    }

    private void leave(KeepPlan.Act act) throws IOException {
        OwnNode node = own();
        PendingJoin next = new PendingJoin(
                node.clusterId(), node.nodeId(), node.address(), node.port(), survivors.newestEpoch(node.clusterId()));
        if (wayBack(next) == null) {
            return;
        }
        next.write(stateDir);
        pending = next;
        boolean agreed = repairs.perform(act, ports.administration()::leave);
        leaveEnd = repairs.nanos() + LEAVING.toNanos();
        if (!agreed) {
            stop(KeepRefusal.CALL_FAILED, "leave; " + repairs.answer());
        }
    }

    private void join(KeepPlan.Act act, PendingJoin join) {
        SwarmAdministration.JoinRequest request = wayBack(join);
        if (request == null) {
            return;
        }
        if (!repairs.perform(act, () -> ports.administration().join(request))) {
            stop(KeepRefusal.CALL_FAILED, "join; " + repairs.answer());
            pauseEnd = repairs.nanos() + repairs.pauseBeforeNextJoin().toNanos();
        }
    }

    /** {@return how to join, null if that can't be done now; then the obstacle is set} */
    private SwarmAdministration.@Nullable JoinRequest wayBack(PendingJoin join) {
        if (!(addresses.choose(join.address()) instanceof AdvertiseAddress.Usable(var address))) {
            stop(KeepRefusal.ADVERTISE_ADDRESS, join.address());
            return null;
        }
        PeerReply.Tokens tokens = survivors.tokens(join);
        if (tokens == null) {
            stop(KeepRefusal.NO_TOKEN, survivors.lastAnswer());
            return null;
        }
        List<Endpoint> answering = tokens.managers().stream()
                .filter(Objects::nonNull)
                .filter(manager -> ports.managers().answers(manager))
                .toList();
        if (answering.isEmpty()) {
            stop(KeepRefusal.MANAGERS_OUT_OF_REACH, tokens.managers().toString());
            return null;
        }
        return new SwarmAdministration.JoinRequest(tokens.token(), answering, address, join.port());
    }

    private void stop(KeepRefusal reason, String detail) {
        obstacle = new KeepPlan.Refuse(reason, detail);
        pauseEnd = repairs.nanos() + PAUSE.toNanos();
        LOG.warn("Swarm: not rejoined: {} [{}]", obstacle.explanation(), reason.label());
    }
}
