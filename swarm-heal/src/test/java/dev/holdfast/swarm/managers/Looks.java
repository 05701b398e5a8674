package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.Caretaker;
import dev.holdfast.swarm.ClusterFacts;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealConfig;
import dev.holdfast.swarm.HealPlan;
import dev.holdfast.swarm.HealReason;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmAdministration;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.Peers;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Test data: looks at a Swarm. Node N has the id nN, the host name hostN and the address 10.0.0.N; this node is n1. */
final class Looks {

    static final SwarmConfig SWARM = new SwarmConfig(
            true,
            SwarmConfig.DEFAULT_DOCKER_HOST,
            null,
            HealConfig.defaults(),
            Set.of(InetAddress.ofLiteral("10.0.0.70")));

    private Looks() {}

    /** A world in which every manager answers; this host is 10.0.0.1. */
    static KeeperPorts ports(SwarmAdministration administration, Peers peers, HealClock clock) {
        return new KeeperPorts(
                administration,
                peers,
                () -> Lineage.NONE,
                endpoint -> true,
                () -> Set.of(InetAddress.ofLiteral("10.0.0.1")),
                clock);
    }

    static SwarmNode manager(int number, String reachability, boolean leader) {
        Manager raft = new Manager(
                "n" + number, "host" + number, new Endpoint("10.0.0." + number, 2377), reachability, leader);
        String state = reachability.equals("reachable") ? "ready" : "down";
        return new SwarmNode("n" + number, "host" + number, "manager", "active", state, "10.0.0." + number, 10, raft);
    }

    static SwarmNode manager(int number) {
        return manager(number, "reachable", number == 1);
    }

    static SwarmNode gone(int number) {
        return manager(number, "unreachable", false);
    }

    /** A manager by role that raft does not have. */
    static SwarmNode outside(int number, String state) {
        return new SwarmNode("n" + number, "host" + number, "manager", "active", state, "10.0.0." + number, 10, null);
    }

    static SwarmNode worker(int number, String availability, String state) {
        return new SwarmNode(
                "n" + number, "host" + number, "worker", availability, state, "10.0.0." + number, 10, null);
    }

    static SwarmNode worker(int number) {
        return worker(number, "active", "ready");
    }

    static SwarmSnapshot look(long nanos, SwarmNode... nodes) {
        return lookOf(1, nanos, nodes);
    }

    /** What the engine of that node sees. */
    static SwarmSnapshot lookOf(int self, long nanos, SwarmNode... nodes) {
        List<Manager> managers = List.of(nodes).stream()
                .map(SwarmNode::manager)
                .filter(Objects::nonNull)
                .toList();
        return new SwarmSnapshot(
                SwarmState.HAS_LEADER,
                "",
                null,
                "n" + self,
                "10.0.0." + self,
                managers,
                List.of(nodes),
                new ClusterFacts("c1", false, 4789),
                nanos);
    }

    static SwarmSnapshot look(SwarmState state, long nanos) {
        boolean none = state == SwarmState.INACTIVE || state == SwarmState.LOCKED || state == SwarmState.DOCKER_DOWN;
        return new SwarmSnapshot(
                state, "said so", null, none ? "" : "n1", none ? "" : "10.0.0.1", List.of(), List.of(), null, nanos);
    }

    static Caretaker.Round round(SwarmSnapshot look, boolean master) {
        return new Caretaker.Round(
                look,
                look.observedNanos(),
                master,
                new HealPlan.NothingToDo(HealReason.HAS_LEADER, ""),
                look.observedNanos(),
                true);
    }
}
