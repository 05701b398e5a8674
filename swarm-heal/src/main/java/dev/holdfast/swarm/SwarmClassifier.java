package dev.holdfast.swarm;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges an observation. Pure. The rule for every case not listed: it is not {@link SwarmState#NO_LEADER}.
 *
 * <p>The texts are those of the engine's {@code daemon/cluster/errors.go} and swarmkit; they have been the same from
 * engine 1.13 to 28.
 */
public final class SwarmClassifier {

    private static final String NO_LEADER = "does not have a leader";
    private static final String NOT_A_MANAGER = "this node is not a swarm manager";
    private static final String NOT_IN_SWARM = "this node is not part of a swarm";
    private static final String WORKER = "worker nodes can't be used";
    private static final String PREPARING = "manager is being prepared";
    private static final String ENCRYPTED = "swarm is encrypted";

    /** The detail of an engine that is in no Swarm, where it reports nothing else. */
    static final String IN_NO_SWARM = "the engine is in no swarm";

    private SwarmClassifier() {}

    /** Judges one observation, completed at {@code observedNanos}. */
    public static SwarmSnapshot classify(SwarmObservation observation, long observedNanos) {
        return switch (observation.info()) {
            case ApiReply.Ok<EngineInfo>(EngineInfo info) -> classify(info, observation.nodes(), observedNanos);
            case ApiReply.Failed<EngineInfo>(EngineFault fault, String detail) ->
                down(fault, "engine " + fault.label() + ": " + detail, observedNanos);
            case ApiReply.Refused<EngineInfo>(int status, String message) ->
                down(
                        EngineFault.NOT_UNDERSTOOD,
                        "engine refused GET /info with " + status + ": " + message,
                        observedNanos);
            case ApiReply.NotAsked<EngineInfo>() -> down(EngineFault.NO_ANSWER, "engine not asked", observedNanos);
        };
    }

    private static SwarmSnapshot classify(EngineInfo info, ApiReply<List<SwarmNode>> nodes, long now) {
        String state = info.localNodeState().toLowerCase(Locale.ROOT);
        String reported = info.error().isEmpty() ? "" : ": " + info.error();
        return switch (state) {
            case "inactive", "" -> of(SwarmState.INACTIVE, IN_NO_SWARM + reported, info, now);
            case "locked" ->
                of(SwarmState.LOCKED, "the swarm is locked; it needs its unlock key" + reported, info, now);
            case "active", "pending", "error" -> {
                if (info.nodeId().isEmpty() && !state.equals("pending")) {
                    yield of(
                            SwarmState.BROKEN,
                            "the engine says '" + state + "' but has no node id; a restart of the engine cures it"
                                    + reported,
                            info,
                            now);
                }
                if (!info.controlAvailable()) {
                    yield switch (state) {
                        case "active" ->
                            of(SwarmState.WORKER, "a worker, or a manager that left raft" + reported, info, now);
                        case "pending" -> of(SwarmState.STARTING, "the node is joining" + reported, info, now);
                        default -> of(SwarmState.BROKEN, "the node reports an error" + reported, info, now);
                    };
                }
                yield byNodes(info, state, nodes, now);
            }
            default ->
                of(SwarmState.ELECTING, "unknown node state '" + info.localNodeState() + "'" + reported, info, now);
        };
    }

    private static SwarmSnapshot byNodes(EngineInfo info, String state, ApiReply<List<SwarmNode>> nodes, long now) {
        return switch (nodes) {
            case ApiReply.Ok<List<SwarmNode>>(List<SwarmNode> all) -> hasLeader(info, all, now);
            case ApiReply.Refused<List<SwarmNode>>(int status, String message) -> {
                SwarmState said = byMessage(status, message);
                // A raft node that did not start also lacks a leader, and no force will start it.
                yield state.equals("error")
                        ? of(
                                SwarmState.BROKEN,
                                "the node reports an error: " + info.error() + "; " + message,
                                info,
                                now)
                        : of(said, message, info, now);
            }
            case ApiReply.Failed<List<SwarmNode>>(EngineFault fault, String detail) ->
                switch (fault) {
                    case NOT_RUNNING, PERMISSION_DENIED -> down(fault, "engine " + fault.label() + ": " + detail, now);
                    case NO_ANSWER, NOT_UNDERSTOOD ->
                        of(SwarmState.ELECTING, "no certain answer from the control plane: " + detail, info, now);
                };
            case ApiReply.NotAsked<List<SwarmNode>>() ->
                of(SwarmState.ELECTING, "no certain answer from the control plane: " + info.error(), info, now);
        };
    }

    private static SwarmState byMessage(int status, String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (status >= 500 && text.contains(NO_LEADER)) {
            return SwarmState.NO_LEADER;
        }
        if (text.contains(WORKER)) {
            return SwarmState.WORKER;
        }
        if (text.contains(PREPARING)) {
            return SwarmState.STARTING;
        }
        if (text.contains(ENCRYPTED)) {
            return SwarmState.LOCKED;
        }
        // Last: the texts for workers and starting managers begin with the same words.
        return text.contains(NOT_A_MANAGER) || text.contains(NOT_IN_SWARM) ? SwarmState.INACTIVE : SwarmState.ELECTING;
    }

    private static SwarmSnapshot hasLeader(EngineInfo info, List<SwarmNode> nodes, long now) {
        // Raft's members: a node whose role is manager but that is in no raft takes part in no vote.
        List<Manager> managers =
                nodes.stream().map(SwarmNode::manager).filter(Objects::nonNull).toList();
        String leader = managers.stream()
                .filter(Manager::leader)
                .map(Manager::displayName)
                .findFirst()
                .orElse("not named by the engine");
        return new SwarmSnapshot(
                SwarmState.HAS_LEADER,
                managers.size() + (managers.size() == 1 ? " manager" : " managers") + ", leader " + leader,
                null,
                info.nodeId(),
                info.nodeAddress(),
                managers,
                nodes,
                info.cluster(),
                now);
    }

    private static SwarmSnapshot of(SwarmState state, String detail, EngineInfo info, long now) {
        return new SwarmSnapshot(
                state,
                detail,
                null,
                info.nodeId(),
                info.nodeAddress(),
                info.remoteManagers(),
                List.of(),
                info.cluster(),
                now);
    }

    private static SwarmSnapshot down(@Nullable EngineFault fault, String detail, long now) {
        return new SwarmSnapshot(SwarmState.DOCKER_DOWN, detail, fault, "", "", List.of(), List.of(), null, now);
    }
}
