package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Real Swarms that lose hosts: what must be healed is healed, and what must not be touched is not. */
@EndToEnd
@Order(2)
@ResourceLock("engines")
class HealingTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    /** An election takes up to 20 s, noticing the loss of a quorum about as long. */
    private static final Duration RAFT = Duration.ofSeconds(60);

    private static List<Dockerd> engines(Lab lab, Host... hosts) {
        List<Dockerd> engines =
                List.of(hosts).stream().map(host -> Dockerd.launch(host, lab)).toList();
        engines.forEach(Dockerd::awaitReady);
        return engines;
    }

    private static AgentProcess agent(Dockerd engine, int priority, String inSwarm) {
        Host host = engine.host();
        return AgentProcess.start(host, SwarmStatesTest.config(host, priority, engine.url(), inSwarm));
    }

    @Test
    void ofTwoManagersTheOneLeftIsHealedAndTheOneCutOffDoesNothingAndComesBack(Lab lab) {
        lab.gateway();
        Host a = lab.host("a");
        Host b = lab.host("b");
        List<Dockerd> engines = engines(lab, a, b);
        Dockerd engineA = engines.get(0);
        Dockerd engineB = engines.get(1);
        Swarm.ofManagers(engines);
        Swarm.createSecret(engineA, "password", "1234");
        Swarm.createService(engineA, "web", 1);
        AgentProcess agentA = agent(engineA, 200, "");
        // Right in form and wrong for this host, as after copying a configuration: healing must wait for a better one.
        AgentProcess agentB = agent(engineB, 100, "advertise-address = \"10.77.0.99\"");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agentA.awaitSwarmState("HAS_LEADER", SOON);
        agentB.awaitSwarmState("HAS_LEADER", SOON);
        assertThat(Swarm.leads(engineA)).isTrue();
        List<String> callsOfA = engineA.changingCalls();
        List<String> callsOfB = engineB.changingCalls();

        a.link().cut();
        Await.until("b to hold the address", SOON, () -> b.holds(Router.VIP));
        agentB.awaitSwarmState("NO_LEADER", RAFT);
        agentB.awaitRefusal("advertise-address-not-local", RAFT);
        assertThat(engineB.changingCalls()).isEqualTo(callsOfB);
        // The one that is cut off has lost its leader as well, still holds the address, and nobody answers it.
        agentA.awaitSwarmState("NO_LEADER", RAFT);
        agentA.awaitRefusal("witness-silent", RAFT);

        agentB.reload(SwarmStatesTest.config(b, 100, engineB.url(), ""));
        Await.until("b to lead a Swarm that works", RAFT, () -> Swarm.leads(engineB));
        agentB.awaitSwarmState("HAS_LEADER", RAFT);
        assertThat(Swarm.secrets(engineB)).containsExactly("password");
        assertThat(Swarm.services(engineB)).containsExactly("web");
        assertThat(engineB.forceCalls()).as("force calls the engine received").isOne();
        assertThat(agentB.forceCalls()).as("force calls the agent counted").isOne();

        assertThat(engineA.changingCalls()).isEqualTo(callsOfA);
        assertThat(agentA.forceCalls()).isZero();
        assertThat(agentA.swarmStateIs("NO_LEADER")).isTrue();
        assertThat(agentA.status().toString()).contains("witness-silent");

        // Back again it is MASTER at once, while its engine says "no leader" for up to 20 s: the moment for a second
        // force.
        a.link().mend();
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Await.until(
                "a to be a reachable manager again",
                Duration.ofMinutes(2),
                () -> Swarm.nodes(engineB).stream()
                                .filter(Swarm.Node::reachableManager)
                                .count()
                        == 2);
        agentA.awaitSwarmState("HAS_LEADER", SOON);
        assertThat(engineA.forceCalls() + engineB.forceCalls())
                .as("force calls in all")
                .isOne();
        assertThat(engineA.changingCalls()).isEqualTo(callsOfA);
        assertThat(Swarm.services(engineA)).containsExactly("web");
    }

    @Test
    void ofThreeManagersTheTwoLeftElectALeaderAndNobodyForces(Lab lab) {
        lab.gateway();
        List<Host> hosts = List.of(lab.host("a"), lab.host("b"), lab.host("c"));
        List<Dockerd> engines = engines(lab, hosts.toArray(Host[]::new));
        Dockerd first = engines.getFirst();
        Dockerd third = engines.getLast();

        // On the way: what the third one is before it is a manager.
        AgentProcess agentC =
                AgentProcess.start(hosts.get(2), SwarmStatesTest.config(hosts.get(2), 50, third.url(), ""));
        lab.awaitSoleHolder(hosts.get(2), Router.VIP, SOON);
        agentC.awaitSwarmState("INACTIVE", SOON);
        agentC.awaitRefusal("not-in-swarm", SOON);
        Swarm.ofManagers(engines.subList(0, 2));
        Swarm.join(first, third, "worker");
        agentC.awaitSwarmState("WORKER", SOON);
        agentC.awaitRefusal("not-a-manager", SOON);
        agentC.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        assertThat(third.forceCalls()).isZero();
        first.docker(
                "node",
                "promote",
                third.get("/info").path("Swarm").path("NodeID").asText());
        Await.until(
                "three managers",
                RAFT,
                () -> Swarm.nodes(first).stream()
                                .filter(Swarm.Node::reachableManager)
                                .count()
                        == 3);

        AgentProcess agentB = agent(engines.get(1), 100, "");
        AgentProcess agentA = agent(first, 200, "");
        lab.awaitSoleHolder(hosts.get(0), Router.VIP, SOON);
        List<AgentProcess> agents = List.of(agentA, agentB, agentC);
        agents.forEach(agent -> agent.awaitSwarmState("HAS_LEADER", SOON));
        List<List<String>> calls = engines.stream().map(Dockerd::changingCalls).toList();

        hosts.get(0).link().cut();
        Await.until("b to hold the address", SOON, () -> hosts.get(1).holds(Router.VIP));
        Dockerd second = engines.get(1);
        Await.until("b or c to lead", RAFT, () -> Swarm.leads(second) || Swarm.leads(third));
        agentB.awaitSwarmState("HAS_LEADER", RAFT);
        // Twice the hold: whoever wanted to force has had its time.
        Await.holdsFor(
                "two managers with a leader, and no force",
                Duration.ofSeconds(10),
                () -> engines.stream().allMatch(engine -> engine.forceCalls() == 0)
                        && agents.stream().allMatch(agent -> agent.forceCalls() == 0));
        assertThat(engines.stream().map(Dockerd::changingCalls).toList())
                .as("no engine was told to change anything")
                .isEqualTo(calls);
        assertThat(Swarm.nodes(second).stream().filter(Swarm.Node::reachableManager))
                .hasSize(2);
        Swarm.createService(second, "still-works", 1);
        assertThat(Swarm.services(third)).containsExactly("still-works");
    }
}
