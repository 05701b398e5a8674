package dev.holdfast.swarm;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the engine and remembers what it showed: since when, who the managers were, whether it has just started. Used
 * by the healer's thread alone, but for {@link #latest()}.
 */
final class Lookout {

    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    private final HealPorts ports;
    private final HealClock clock;
    private final StateStore store;
    private final SwarmPast past;
    private final LineageKeeper lineage;
    private final Consumer<SwarmHealer.Look> onLook;
    private final Consumer<SwarmSnapshot> onChange;
    private final long startedNanos;
    private final Duration uptimeAtStart;

    private volatile SwarmHealer.@Nullable Look latest;
    private @Nullable SwarmSnapshot snapshot;
    private long stateSince;
    private Instant stateSinceWall = Instant.EPOCH;
    private @Nullable KnownManagers known;
    private boolean knownIsSaved;
    private boolean leaderSeen;
    private @Nullable Long pendingSince;

    Lookout(
            HealPorts ports,
            StateStore store,
            LineageKeeper lineage,
            Consumer<SwarmHealer.Look> onLook,
            Consumer<SwarmSnapshot> onChange) {
        this.ports = ports;
        this.clock = ports.clock();
        this.store = store;
        this.past = new SwarmPast(store);
        this.lineage = lineage;
        this.startedNanos = clock.nanos();
        this.uptimeAtStart = ports.uptime().sinceBoot();
        this.onLook = onLook;
        this.onChange = onChange;
    }

    /** Reads who the managers were before this run. */
    void load() {
        try {
            known = KnownManagers.read(store);
            knownIsSaved = known != null;
        } catch (IOException e) {
            LOG.warn("Swarm: cannot read the known managers: {}", e.toString());
        }
    }

    void look() {
        long started = clock.nanos();
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
            breakHere(seen.observedNanos());
        }
        snapshot = seen;
        past.note(seen);
        SwarmHealer.Look look = new SwarmHealer.Look(seen, stateSince, past.ever());
        latest = look;
        onLook.accept(look);
        lineage.looked(seen, started, ports.peers().heard());
        watchBoot(observation, seen);
        if (seen.state() == SwarmState.HAS_LEADER) {
            remember(seen);
        }
        if (changed) {
            LOG.info("Swarm: {} ({})", seen.state(), seen.detail());
            onChange.accept(seen);
        }
    }

    /**
     * The engine says {@code pending} after a start without a quorum, until it has seen a leader. One that does not answer for a
     * moment says nothing; one that does not run starts anew.
     */
    private void watchBoot(SwarmObservation observation, SwarmSnapshot seen) {
        leaderSeen |= seen.state() == SwarmState.HAS_LEADER;
        if (observation.info() instanceof ApiReply.Ok<EngineInfo>(EngineInfo info)) {
            if (seen.state() == SwarmState.HAS_LEADER || !info.localNodeState().equalsIgnoreCase("pending")) {
                pendingSince = null;
            } else if (pendingSince == null) {
                pendingSince = seen.observedNanos();
            }
        } else if (seen.fault() == EngineFault.NOT_RUNNING) {
            pendingSince = null;
        }
    }

    /**
     * Until when the other managers may still be booting too: {@code grace} after this host's boot, if this agent began within that
     * time; and {@code grace} after the first look at an engine that has started without a quorum.
     *
     * @return null if nothing speaks of a start: the leader was lost while all was running
     */
    @Nullable
    Long graceUntil(Duration grace) {
        if (grace.isZero()) {
            return null;
        }
        Long sincePending = pendingSince == null ? null : pendingSince + grace.toNanos();
        if (leaderSeen || uptimeAtStart.compareTo(grace) >= 0) {
            return sincePending;
        }
        long sinceBoot = startedNanos + grace.minus(uptimeAtStart).toNanos();
        return sincePending != null && sincePending - sinceBoot > 0 ? sincePending : sinceBoot;
    }

    /** Something has changed the node: whatever lasted, ends. */
    void breakHere(long nanos) {
        stateSince = nanos;
        stateSinceWall = clock.now();
    }

    /** The engine is not watched any more. */
    void forget() {
        snapshot = null;
    }

    private void remember(SwarmSnapshot seen) {
        KnownManagers current = new KnownManagers(seen.nodeId(), seen.cluster(), seen.managers());
        if (current.managers().isEmpty() || (knownIsSaved && current.sameAs(known))) {
            return;
        }
        known = current;
        try {
            current.write(store, KnownManagers.FILE, clock.now());
            knownIsSaved = true;
        } catch (IOException e) {
            if (knownIsSaved) {
                LOG.warn("Swarm: cannot save the known managers: {}", e.toString());
            }
            knownIsSaved = false;
        }
    }

    @Nullable
    SwarmSnapshot snapshot() {
        return snapshot;
    }

    /** {@return the latest look; may be called from any thread} */
    SwarmHealer.@Nullable Look latest() {
        return latest;
    }

    long stateSince() {
        return stateSince;
    }

    Instant stateSinceWall() {
        return stateSinceWall;
    }

    Membership membership() {
        SwarmSnapshot seen = snapshot;
        if (seen == null || seen.nodeId().isEmpty()) {
            return Membership.UNKNOWN;
        }
        return Membership.of(
                seen.nodeId(), known == null ? List.of() : known.managersFor(seen.nodeId()), seen.managers());
    }

    @Nullable
    ClusterFacts cluster() {
        SwarmSnapshot seen = snapshot;
        if (seen != null && seen.cluster() != null) {
            return seen.cluster();
        }
        return known != null && seen != null && known.nodeId().equals(seen.nodeId()) ? known.cluster() : null;
    }

    /** {@return who belongs to this node's cluster} */
    Candidates.Kin kin() {
        Set<String> ids = new HashSet<>();
        membership().others().forEach(m -> ids.add(m.id()));
        ClusterFacts cluster = cluster();
        return new Candidates.Kin(cluster == null ? lineage.clusterId() : cluster.id(), ids);
    }

    /** {@return the managers as last told by a leader of this node's swarm, or as the engine lists them} */
    KnownManagers managersBefore(SwarmSnapshot seen) {
        return known != null
                        && known.nodeId().equals(seen.nodeId())
                        && known.managers().size() > 1
                ? known
                : new KnownManagers(seen.nodeId(), seen.cluster(), seen.managers());
    }

    /** {@return the port that node speaks raft on, as far as anybody said} */
    int raftPort(String nodeId) {
        SwarmSnapshot seen = snapshot;
        return Stream.concat(
                        known == null ? Stream.of() : known.managersFor(nodeId).stream(),
                        seen == null ? Stream.of() : seen.managers().stream())
                .filter(m -> m.id().equals(nodeId))
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .map(Endpoint::port)
                .findFirst()
                .orElse(Endpoint.SWARM_PORT);
    }

    /** {@return the managers for people: those of the leader, or of the last one, or the engine's own} */
    List<Manager> managers() {
        SwarmSnapshot seen = snapshot;
        if (seen == null) {
            return List.of();
        }
        return seen.state() != SwarmState.HAS_LEADER
                        && known != null
                        && !known.managersFor(seen.nodeId()).isEmpty()
                ? known.managersFor(seen.nodeId())
                : seen.managers();
    }
}
