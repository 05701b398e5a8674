package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SwarmClassifierTest {

    private static final String NOT_MANAGER =
            "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";
    private static final String WORKER =
            "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.";
    private static final String PREPARING =
            "This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.";
    private static final String ENCRYPTED =
            "Swarm is encrypted and needs to be unlocked before it can be used. Please use \"docker swarm unlock\" to unlock it.";

    static Stream<Arguments> observations() {
        ApiReply<List<SwarmNode>> nodes = new ApiReply.Ok<>(Swarms.nodes(Swarms.managers(3, 2)));
        ApiReply<List<SwarmNode>> none = new ApiReply.NotAsked<>();
        return Stream.of(
                // What the API was measured to show in each state.
                arguments(
                        "not in a swarm", info("inactive", false, ""), refused(503, NOT_MANAGER), SwarmState.INACTIVE),
                arguments("worker", info("active", false, "m1"), refused(503, WORKER), SwarmState.WORKER),
                arguments("joining", info("pending", false, "m1"), none, SwarmState.STARTING),
                arguments("manager starting", info("active", true, "m1"), refused(503, PREPARING), SwarmState.STARTING),
                arguments("manager with a leader", info("active", true, "m1"), nodes, SwarmState.HAS_LEADER),
                arguments(
                        "election: blocks",
                        info("active", true, "m1"),
                        failed(EngineFault.NO_ANSWER),
                        SwarmState.ELECTING),
                arguments(
                        "election: deadline",
                        info("active", true, "m1"),
                        refused(500, "rpc error: code = DeadlineExceeded desc = context deadline exceeded"),
                        SwarmState.ELECTING),
                arguments("election: 503", info("active", true, "m1"), refused(503, "try again"), SwarmState.ELECTING),
                arguments("election: info already waited", info("active", true, "m1"), none, SwarmState.ELECTING),
                arguments(
                        "closing transport",
                        info("active", true, "m1"),
                        refused(500, "rpc error: code = Unavailable desc = transport is closing"),
                        SwarmState.ELECTING),
                arguments(
                        "quorum lost",
                        info("active", true, "m1"),
                        refused(500, Swarms.NO_LEADER_MESSAGE),
                        SwarmState.NO_LEADER),
                arguments(
                        "cold boot without quorum",
                        info("pending", true, "m1"),
                        refused(500, Swarms.NO_LEADER_MESSAGE),
                        SwarmState.NO_LEADER),
                arguments("autolocked", info("locked", false, "m1"), refused(503, ENCRYPTED), SwarmState.LOCKED),
                arguments(
                        "autolocked, info behind",
                        info("active", true, "m1"),
                        refused(503, ENCRYPTED),
                        SwarmState.LOCKED),
                arguments("left meanwhile", info("active", true, "m1"), refused(503, NOT_MANAGER), SwarmState.INACTIVE),
                arguments("demoted meanwhile", info("active", true, "m1"), refused(503, WORKER), SwarmState.WORKER),
                // Traps.
                arguments(
                        "zombie after a bad init",
                        info("active", true, ""),
                        refused(500, Swarms.NO_LEADER_MESSAGE),
                        SwarmState.BROKEN),
                arguments("error, but the leader answers", info("error", true, "m1"), nodes, SwarmState.HAS_LEADER),
                arguments(
                        "error without leader",
                        info("error", true, "m1"),
                        refused(500, Swarms.NO_LEADER_MESSAGE),
                        SwarmState.BROKEN),
                arguments("error, no manager", info("error", false, "m1"), none, SwarmState.BROKEN),
                arguments(
                        "the words of no leader in a 4xx",
                        info("active", true, "m1"),
                        refused(404, Swarms.NO_LEADER_MESSAGE),
                        SwarmState.ELECTING),
                arguments(
                        "a worker's no leader",
                        info("active", false, "m1"),
                        refused(500, Swarms.NO_LEADER_MESSAGE),
                        SwarmState.WORKER),
                arguments("a state from the future", info("fancy", true, "m1"), nodes, SwarmState.ELECTING),
                // The engine itself.
                arguments(
                        "engine gone between the questions",
                        info("active", true, "m1"),
                        failed(EngineFault.NOT_RUNNING),
                        SwarmState.DOCKER_DOWN),
                arguments(
                        "no engine",
                        new ApiReply.Failed<EngineInfo>(EngineFault.NOT_RUNNING, "x"),
                        none,
                        SwarmState.DOCKER_DOWN),
                arguments(
                        "engine hangs",
                        new ApiReply.Failed<EngineInfo>(EngineFault.NO_ANSWER, "x"),
                        none,
                        SwarmState.DOCKER_DOWN),
                arguments(
                        "another server",
                        new ApiReply.Refused<EngineInfo>(404, "page not found"),
                        none,
                        SwarmState.DOCKER_DOWN),
                arguments("nobody asked", new ApiReply.NotAsked<EngineInfo>(), none, SwarmState.DOCKER_DOWN));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("observations")
    void everyObservationHasItsState(
            String name, ApiReply<EngineInfo> info, ApiReply<List<SwarmNode>> nodes, SwarmState expected) {
        SwarmSnapshot snapshot = SwarmClassifier.classify(new SwarmObservation(info, nodes), 42);
        assertThat(snapshot.state()).isEqualTo(expected);
        assertThat(snapshot.detail()).isNotBlank();
        assertThat(snapshot.observedNanos()).isEqualTo(42);
    }

    @Test
    void aForbiddenSocketIsNamed() {
        SwarmSnapshot snapshot = SwarmClassifier.classify(
                new SwarmObservation(
                        new ApiReply.Failed<>(EngineFault.PERMISSION_DENIED, "/var/run/docker.sock"),
                        new ApiReply.NotAsked<>()),
                0);
        assertThat(snapshot.state()).isEqualTo(SwarmState.DOCKER_DOWN);
        assertThat(snapshot.fault()).isEqualTo(EngineFault.PERMISSION_DENIED);
        assertThat(snapshot.detail()).contains("permission-denied").contains("/var/run/docker.sock");
    }

    @Test
    void theLeadersListWinsOverTheEngines() {
        SwarmSnapshot snapshot = SwarmClassifier.classify(Swarms.hasLeader(3, 2), 0);
        assertThat(snapshot.leader()).map(Manager::id).contains("m2");
        assertThat(snapshot.selfIsLeader()).isFalse();
        assertThat(SwarmClassifier.classify(Swarms.hasLeader(1, 1), 0).selfIsLeader())
                .isTrue();
    }

    private static ApiReply<EngineInfo> info(String state, boolean control, String nodeId) {
        return new ApiReply.Ok<>(new EngineInfo(
                state, control, nodeId, nodeId.isEmpty() ? "" : "10.0.0.1", "", Swarms.managers(3, 0), null));
    }

    private static ApiReply<List<SwarmNode>> refused(int status, String message) {
        return new ApiReply.Refused<>(status, message);
    }

    private static ApiReply<List<SwarmNode>> failed(EngineFault fault) {
        return new ApiReply.Failed<>(fault, "nothing came back");
    }
}
