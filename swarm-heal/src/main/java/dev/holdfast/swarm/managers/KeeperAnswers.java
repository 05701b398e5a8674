package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.JoinTokens;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the other agents out of what this one's leader says: what a node is, what the Swarm holds, and, to a manager that fell out and
 * to nobody else, the token to come back with.
 */
final class KeeperAnswers implements PeerAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private final KeeperPorts ports;
    private final Path stateDir;
    private volatile @Nullable SwarmSnapshot latest;
    private volatile @Nullable RoleMemory roles;

    KeeperAnswers(KeeperPorts ports, Path stateDir) {
        this.ports = ports;
        this.stateDir = stateDir;
    }

    /** Remembers a look. Called on the healer's thread alone. */
    void looked(SwarmSnapshot seen) {
        latest = seen;
        try {
            RoleMemory before = roles == null ? RoleMemory.read(stateDir) : roles;
            RoleMemory now = before;
            if (seen.state() == SwarmState.HAS_LEADER) {
                now = before.after(seen.nodes());
                if (!now.equals(before)) {
                    now.write(stateDir);
                }
            }
            roles = now;
        } catch (IOException e) {
            LOG.debug("Swarm: cannot keep the roles of the nodes: {}", e.toString());
        }
    }

    @Override
    public PeerReply answer(String from, PeerRequest request) {
        SwarmSnapshot seen = latest;
        if (seen == null
                || seen.state() != SwarmState.HAS_LEADER
                || seen.cluster() == null
                || ports.clock().nanos() - seen.observedNanos() > HealPolicy.MAX_AGE.toNanos()) {
            return refused(KeepRefusal.NO_LEADER, "");
        }
        String cluster = seen.cluster().id();
        return switch (request) {
            case PeerRequest.Standing(String nodeId) -> new PeerReply.Standing(cluster, standing(nodeId, seen));
            case PeerRequest.Inventory() ->
                switch (ports.administration().inventory()) {
                    case ApiReply.Ok<Inventory>(Inventory inventory) -> new PeerReply.Inventory(cluster, inventory);
                    default -> refused(KeepRefusal.INVENTORY_UNKNOWN, "");
                };
            case PeerRequest.Tokens(String wanted, String formerNodeId) ->
                wanted.equals(cluster)
                        ? tokens(from, formerNodeId, seen)
                        : refused(KeepRefusal.NO_TOKEN, "this is another cluster");
            default -> refused(KeepRefusal.NO_TOKEN, "that is not asked of keepers");
        };
    }

    private Standing standing(String nodeId, SwarmSnapshot seen) {
        RoleMemory known = roles;
        SwarmNode node = seen.nodes().stream()
                .filter(other -> other.id().equals(nodeId))
                .findFirst()
                .orElse(null);
        return new Standing(kind(node), known != null && known.demoted(nodeId));
    }

    private static Standing.Kind kind(@Nullable SwarmNode node) {
        if (node == null) {
            return Standing.Kind.ABSENT;
        }
        if (!node.isManagerByRole()) {
            return Standing.Kind.WORKER;
        }
        Manager raft = node.manager();
        if (raft == null) {
            return Standing.Kind.LIMBO;
        }
        return raft.reachability().equals("reachable") ? Standing.Kind.REACHABLE : Standing.Kind.UNREACHABLE;
    }

    private PeerReply tokens(String from, String formerNodeId, SwarmSnapshot seen) {
        if (!ports.peers().counts(from)) {
            return refused(KeepRefusal.NO_TOKEN, from + " is not among the configured agents");
        }
        String role = roleOf(formerNodeId, seen);
        if (role.isEmpty()) {
            return refused(KeepRefusal.NO_TOKEN, "that node is none that fell out");
        }
        boolean manager = role.equals("manager");
        List<Manager> reached = seen.managers().stream()
                .filter(member -> member.reachability().equals("reachable"))
                .toList();
        int members = seen.managers().size();
        boolean stillMember =
                seen.managers().stream().anyMatch(member -> member.id().equals(formerNodeId));
        // Its old entry goes on counting beside the new one: if the newcomer failed at once, there must still be a
        // quorum.
        if (manager && stillMember && reached.size() < RedundancyPolicy.quorum(members + 1)) {
            return refused(
                    KeepRefusal.WOULD_LOSE_QUORUM,
                    "%d of %d managers reached; docker node demote %s first"
                            .formatted(reached.size(), members, formerNodeId));
        }
        List<Endpoint> managers = reached.stream()
                .sorted(Comparator.comparing(member -> !member.leader()))
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .toList();
        LOG.warn("Swarm: {} asks for the {} token, to rejoin in the place of node {}", from, role, formerNodeId);
        return switch (ports.administration().tokens()) {
            case ApiReply.Ok<JoinTokens>(JoinTokens tokens) ->
                new PeerReply.Tokens(manager ? tokens.manager() : tokens.worker(), manager, managers);
            default -> refused(KeepRefusal.NO_TOKEN, "the engine does not tell it");
        };
    }

    /** {@return as what that node may come back; empty if it may not, because it is there, or nobody knows it} */
    private String roleOf(String nodeId, SwarmSnapshot seen) {
        RoleMemory known = roles;
        return switch (standing(nodeId, seen).kind()) {
            case LIMBO, UNREACHABLE -> "manager";
            // Demoted while it was away: that holds for the copy that it kept, too.
            case WORKER -> "worker";
            case ABSENT -> known == null ? "" : known.roleOf(nodeId);
            case REACHABLE -> "";
        };
    }

    private static PeerReply refused(KeepRefusal reason, String detail) {
        return new PeerReply.Refused(reason.label(), detail.isEmpty() ? reason.text() : detail);
    }
}
