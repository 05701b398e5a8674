package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.JoinTokens;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a fresh host into a Swarm, from both sides: asks for it, and lets others in. */
final class Entrance {

    /** So long a host may need from the token to being a manager. */
    static final Duration JOINING = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private final KeeperPorts ports;
    private @Nullable SwarmSnapshot latest;
    private ManagersConfig config = ManagersConfig.defaults();
    private @Nullable Grant grant;

    /** The manager token was given out. */
    private record Grant(String agent, long atNanos) {}

    /** What came of the search for a way in. */
    sealed interface Found {
        record Open(PeerReply.Tokens tokens, List<Endpoint> answering) implements Found {}

        record Closed(KeepPlan plan) implements Found {}
    }

    Entrance(KeeperPorts ports) {
        this.ports = ports;
    }

    /** Remembers a look. */
    synchronized void looked(SwarmSnapshot seen, ManagersConfig now) {
        latest = seen;
        config = now;
    }

    /** Asks whoever is in the Swarm, the leader's agent first. */
    Found find(List<AgentReport> heard) {
        KeepPlan closed = new KeepPlan.Refuse(KeepRefusal.NO_TOKEN, "");
        for (AgentReport member : BootstrapPolicy.inSwarm(heard)) {
            PeerReply reply = ports.peers()
                    .ask(member.agent(), new PeerRequest.Tokens(member.clusterId(), ""), SurvivorSearch.PATIENCE);
            if (reply instanceof PeerReply.Tokens tokens) {
                List<Endpoint> answering = tokens.managers().stream()
                        .filter(manager -> ports.managers().answers(manager))
                        .toList();
                return answering.isEmpty()
                        ? new Found.Closed(new KeepPlan.Refuse(
                                KeepRefusal.MANAGERS_OUT_OF_REACH,
                                tokens.managers().toString()))
                        : new Found.Open(tokens, answering);
            }
            if (reply instanceof PeerReply.Refused(String reason, String detail)
                    && reason.equals(KeepReason.ONE_AT_A_TIME.label())) {
                return new Found.Closed(new KeepPlan.Wait(
                        KeepReason.ONE_AT_A_TIME,
                        detail,
                        ports.clock().nanos() + BootstrapKeeper.SHORT_PAUSE.toNanos()));
            }
            closed = new KeepPlan.Refuse(KeepRefusal.NO_TOKEN, member.agent() + ": " + said(reply));
        }
        return new Found.Closed(closed);
    }

    static String said(PeerReply reply) {
        return switch (reply) {
            case PeerReply.Refused(String reason, String detail) -> detail + " [" + reason + "]";
            case PeerReply.NoAnswer(String detail) -> detail;
            default -> "an answer to something else";
        };
    }

    /** Lets a fresh host in, if this agent is beside the leader: only there it is known who else was let in. */
    synchronized PeerReply open(String from, String cluster) {
        SwarmSnapshot seen = latest;
        long now = ports.clock().nanos();
        if (!config.bootstrap()) {
            return refused(KeepRefusal.BOOTSTRAP_OFF, "");
        }
        if (!ports.peers().counts(from)) {
            return refused(KeepRefusal.NO_TOKEN, from + " is not among the configured agents");
        }
        if (seen == null
                || seen.state() != SwarmState.HAS_LEADER
                || seen.cluster() == null
                || !seen.selfIsLeader()
                || now - seen.observedNanos() > HealPolicy.MAX_AGE.toNanos()) {
            return refused(KeepRefusal.NO_LEADER, "this host does not lead the swarm");
        }
        if (!cluster.equals(seen.cluster().id())) {
            return refused(KeepRefusal.NO_TOKEN, "this is another cluster");
        }
        BootstrapPolicy.Entry entry =
                BootstrapPolicy.entry(seen, config.target(), ports.peers().configured(), isUnderWay(from, seen, now));
        if (entry == BootstrapPolicy.Entry.LATER) {
            return new PeerReply.Refused(KeepReason.ONE_AT_A_TIME.label(), grant == null ? "" : grant.agent());
        }
        boolean manager = entry == BootstrapPolicy.Entry.MANAGER;
        if (!(ports.administration().tokens() instanceof ApiReply.Ok<JoinTokens>(JoinTokens tokens))) {
            return refused(KeepRefusal.NO_TOKEN, "the engine does not tell it");
        }
        if (manager) {
            grant = new Grant(from, now);
        }
        LOG.warn("Swarm: {} is in no swarm and may join this one as {}", from, manager ? "manager" : "worker");
        List<Endpoint> managers = seen.managers().stream()
                .filter(member -> member.reachability().equals("reachable"))
                .sorted(Comparator.comparing(member -> !member.leader()))
                .map(Manager::endpoint)
                .filter(Objects::nonNull)
                .toList();
        return new PeerReply.Tokens(manager ? tokens.manager() : tokens.worker(), manager, managers);
    }

    /** Whether another host was given the token and has not become a manager yet. */
    private boolean isUnderWay(String from, SwarmSnapshot seen, long now) {
        Grant last = grant;
        if (last == null || last.agent().equals(from) || now - last.atNanos() > JOINING.toNanos()) {
            return false;
        }
        String node = ports.peers().heard().stream()
                .map(Peers.Heard::report)
                .filter(report -> report.agent().equals(last.agent()))
                .map(AgentReport::nodeId)
                .findFirst()
                .orElse("");
        return seen.managers().stream()
                .noneMatch(member ->
                        member.id().equals(node) && member.reachability().equals("reachable"));
    }

    private static PeerReply refused(KeepRefusal reason, String detail) {
        return new PeerReply.Refused(reason.label(), detail.isEmpty() ? reason.text() : detail);
    }
}
