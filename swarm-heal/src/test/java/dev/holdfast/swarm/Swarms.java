package dev.holdfast.swarm;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Test data: managers m1, m2, ... at 10.0.0.1, 10.0.0.2, ...; this node is m1. */
final class Swarms {

    static final String NO_LEADER_MESSAGE =
            "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible"
                    + " that too few managers are online. Make sure more than half of the managers are online.";
    static final ClusterFacts CLUSTER = new ClusterFacts("cluster1", false, 4789);

    private Swarms() {}

    static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    static Endpoint endpoint(int number) {
        return new Endpoint("10.0.0." + number, Endpoint.SWARM_PORT);
    }

    static Manager manager(int number, boolean leader) {
        return new Manager("m" + number, "host" + number, endpoint(number), "reachable", leader);
    }

    /** m1 to m{@code count}; the one with number {@code leader} leads. */
    static List<Manager> managers(int count, int leader) {
        List<Manager> managers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            managers.add(manager(i, i == leader));
        }
        return managers;
    }

    /** The same as nodes, which is how a leader lists them. */
    static List<SwarmNode> nodes(List<Manager> managers) {
        return managers.stream()
                .map(m -> new SwarmNode(m.id(), m.hostname(), "manager", "active", "ready", "", 10, m))
                .toList();
    }

    static EngineInfo engine(String state, boolean control, List<Manager> remotes) {
        return new EngineInfo(state, control, "m1", "10.0.0.1", "", remotes, null);
    }

    static SwarmObservation hasLeader(int count, int leader) {
        EngineInfo info = new EngineInfo("active", true, "m1", "10.0.0.1", "", managers(count, 0), CLUSTER);
        return new SwarmObservation(new ApiReply.Ok<>(info), new ApiReply.Ok<>(nodes(managers(count, leader))));
    }

    /** What this observation shows, as the engine of m{@code number} would show it. */
    static SwarmObservation at(int number, SwarmObservation seen) {
        return seen.info() instanceof ApiReply.Ok<EngineInfo>(EngineInfo info)
                        && !info.nodeId().isEmpty()
                ? new SwarmObservation(
                        new ApiReply.Ok<>(new EngineInfo(
                                info.localNodeState(),
                                info.controlAvailable(),
                                "m" + number,
                                "10.0.0." + number,
                                info.error(),
                                info.remoteManagers(),
                                info.cluster())),
                        seen.nodes())
                : seen;
    }

    static SwarmObservation noLeader(int count) {
        return new SwarmObservation(
                new ApiReply.Ok<>(engine("active", true, managers(count, 0))),
                new ApiReply.Refused<>(500, NO_LEADER_MESSAGE));
    }

    /** As after a start of the engine that was followed by no leader. */
    static SwarmObservation booting(int count) {
        return new SwarmObservation(
                new ApiReply.Ok<>(engine("pending", true, managers(count, 0))),
                new ApiReply.Refused<>(500, NO_LEADER_MESSAGE));
    }

    static SwarmObservation down() {
        return new SwarmObservation(new ApiReply.Failed<>(EngineFault.NOT_RUNNING, "dead"), new ApiReply.NotAsked<>());
    }

    static SwarmObservation electing(int count) {
        return new SwarmObservation(
                new ApiReply.Ok<>(engine("active", true, managers(count, 0))),
                new ApiReply.Refused<>(500, "rpc error: code = DeadlineExceeded desc = context deadline exceeded"));
    }

    static SwarmObservation inactive() {
        return new SwarmObservation(
                new ApiReply.Ok<>(new EngineInfo("inactive", false, "", "", "", List.of(), null)),
                new ApiReply.NotAsked<>());
    }
}
