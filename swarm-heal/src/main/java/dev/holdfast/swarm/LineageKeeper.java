package dev.holdfast.swarm;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.Peers;
import dev.holdfast.swarm.promise.PromiseDesk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How new this node's copy of the cluster is. Kept in {@value #FILE}.
 *
 * <p>An epoch is never taken on a guess. This node leads after its own call: its copy is that force's. Or it is a member of raft in
 * the list of a leader whose agent had said before that its copy comes from that force. A label that lags behind makes a later
 * force refuse; one that runs ahead would let two sides force.
 */
final class LineageKeeper {

    static final String FILE = "lineage.json";

    private static final Duration SAVE_EVERY = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    /** What is on disk. */
    private record Copy(String nodeId, String clusterId, Lineage lineage) {
        static final Copy NONE = new Copy("", "", Lineage.NONE);
    }

    private final StateStore store;
    private final PromiseDesk desk;
    private volatile Copy copy = Copy.NONE;
    private Copy saved = Copy.NONE;
    private long savedNanos;

    LineageKeeper(StateStore store, PromiseDesk desk, long nowNanos) {
        this.store = store;
        this.desk = desk;
        this.savedNanos = nowNanos;
        try {
            byte[] content = store.read(FILE);
            if (content != null) {
                copy = parse(content);
                saved = copy;
            }
        } catch (IOException e) {
            LOG.warn("Swarm: cannot read how new this node's copy is, so it counts as old: {}", e.toString());
        }
    }

    Lineage lineage() {
        return copy.lineage();
    }

    /** {@return the node that has it, or had it last; empty if there is none} */
    String nodeId() {
        return copy.nodeId();
    }

    String clusterId() {
        return copy.clusterId();
    }

    /**
     * Learns from a look.
     *
     * @param startedNanos when the look began: a report that came later says nothing of the leader that it found
     */
    void looked(SwarmSnapshot seen, long startedNanos, List<Peers.Heard> heard) {
        Copy before = copy;
        Copy now = switch (seen.state()) {
            // The raft data of such a node is gone, or will be.
            case WORKER -> new Copy(seen.nodeId(), before.clusterId(), Lineage.NONE);
            case INACTIVE -> Copy.NONE;
            case HAS_LEADER -> withLeader(seen, startedNanos, heard);
            default ->
                seen.nodeId().isEmpty() || seen.nodeId().equals(before.nodeId())
                        ? before
                        : new Copy(seen.nodeId(), "", Lineage.NONE);
        };
        copy = now;
        if (now.lineage().epoch() > 0) {
            desk.learned(now.clusterId(), now.lineage().epoch());
        }
        boolean urgent = now.lineage().epoch() != saved.lineage().epoch()
                || !now.nodeId().equals(saved.nodeId())
                || seen.state() != SwarmState.HAS_LEADER
                || seen.observedNanos() - savedNanos >= SAVE_EVERY.toNanos();
        if (urgent && !now.equals(saved)) {
            save(now, seen.observedNanos());
        }
    }

    private Copy withLeader(SwarmSnapshot seen, long startedNanos, List<Peers.Heard> heard) {
        String cluster =
                seen.cluster() == null ? copy.clusterId() : seen.cluster().id();
        boolean same =
                seen.nodeId().equals(copy.nodeId()) && (copy.clusterId().isEmpty() || cluster.equals(copy.clusterId()));
        Lineage known = same ? copy.lineage() : Lineage.NONE;
        long epoch = Math.max(known.epoch(), epoch(seen, cluster, startedNanos, heard));
        return new Copy(seen.nodeId(), cluster, new Lineage(epoch, Math.max(known.index(), seen.index())));
    }

    private long epoch(SwarmSnapshot seen, String cluster, long startedNanos, List<Peers.Heard> heard) {
        if (seen.selfIsLeader()) {
            PromiseDesk.Called called = desk.called();
            return called.nodeId().equals(seen.nodeId()) ? called.epoch() : 0;
        }
        Manager leader = seen.leader().orElse(null);
        boolean member = seen.self()
                .map(SwarmNode::manager)
                .filter(m -> m.reachability().equals("reachable"))
                .isPresent();
        if (leader == null || !member) {
            return 0;
        }
        for (Peers.Heard h : heard) {
            AgentReport report = h.report();
            if (report.nodeId().equals(leader.id())
                    && report.clusterId().equals(cluster)
                    && report.state() == SwarmState.HAS_LEADER
                    && h.atNanos() - startedNanos <= 0) {
                return report.lineage().epoch();
            }
        }
        return 0;
    }

    private void save(Copy now, long nowNanos) {
        try {
            store.replace(
                    FILE,
                    JSON.writeValueAsBytes(JSON.createObjectNode()
                            .put("nodeId", now.nodeId())
                            .put("clusterId", now.clusterId())
                            .put("epoch", now.lineage().epoch())
                            .put("index", now.lineage().index())));
            saved = now;
            savedNanos = nowNanos;
        } catch (IOException e) {
            LOG.warn("Swarm: cannot save how new this node's copy is: {}", e.toString());
        }
    }

    private static Copy parse(byte[] content) throws IOException {
        try {
            JsonNode root = JSON.readTree(content);
            return new Copy(
                    root.path("nodeId").asText(""),
                    root.path("clusterId").asText(""),
                    new Lineage(root.path("epoch").asLong(0), root.path("index").asLong(0)));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(FILE + " cannot be understood: " + e.getMessage(), e);
        }
    }
}
