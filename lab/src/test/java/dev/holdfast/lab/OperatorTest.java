package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What people do beside the agents, on real Swarms: ask, order, drain a node, stop Docker. */
@EndToEnd
@Order(4)
@ResourceLock("engines")
class OperatorTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    /** An election takes up to 20 s, noticing the loss of a quorum about as long. */
    private static final Duration RAFT = Duration.ofSeconds(60);

    private static List<Dockerd> twoManagers(Lab lab, Host a, Host b) {
        List<Dockerd> engines = List.of(Dockerd.launch(a, lab), Dockerd.launch(b, lab));
        engines.forEach(Dockerd::awaitReady);
        Swarm.ofManagers(engines);
        return engines;
    }

    private static AgentProcess agent(Dockerd engine, int priority, String more) {
        Host host = engine.host();
        return AgentProcess.start(host, SwarmStatesTest.config(host, priority, engine.url(), "") + more);
    }

    @Test
    void anOrderHealsWhatThePolicyOnlyWatches(Lab lab) {
        lab.gateway();
        Host a = lab.host("a");
        Host b = lab.host("b");
        List<Dockerd> engines = twoManagers(lab, a, b);
        Dockerd engineB = engines.getLast();
        Swarm.createSecret(engineB, "password", "1234");
        AgentProcess agentA = agent(engines.getFirst(), 200, "");
        AgentProcess agentB = agent(engineB, 100, "");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agentA.awaitSwarmState("HAS_LEADER", SOON);
        agentB.awaitSwarmState("HAS_LEADER", SOON);

        // The MASTER hears no other router: it knows the other agent as a node of its Swarm.
        for (AgentProcess agent : List.of(agentA, agentB)) {
            assertThat(agent.command("status", "--all").lines())
                    .anySatisfy(line -> assertThat(line).matches("a .* VI_1 +MASTER +200 +10\\.77\\.0\\.100/24"))
                    .anySatisfy(line -> assertThat(line).matches("b .* VI_1 +BACKUP +100 +-"))
                    .noneSatisfy(line -> assertThat(line).startsWith("!!!"));
        }
        assertThat(agentB.command("heal", "observe")).contains("observe (set by an operator", "configured: guarded");
        Command.Output needless = agentB.tryCommand("heal", "now", "--yes");
        assertThat(needless.ok()).isFalse();
        assertThat(needless.out()).contains("has-leader");

        a.link().cut();
        Await.until("b to hold the address", SOON, () -> b.holds(Router.VIP));
        agentB.awaitSwarmState("NO_LEADER", RAFT);
        Await.until(
                "b only to watch", RAFT, () -> agentB.command("heal", "status").contains("would force"));
        assertThat(agentB.command("heal", "status"))
                .contains("This host: MASTER", "Policy: observe (set by an operator", "Next: nothing, for the policy");
        assertThat(agentB.tryCommand("heal", "now").ok())
                .as("an order without a yes")
                .isFalse();
        assertThat(engineB.forceCalls()).isZero();

        Command.Output ordered = agentB.tryCommand(Duration.ofMinutes(4), "heal", "now", "--yes");
        assertThat(ordered.ok()).as("%s %s", ordered.out(), ordered.err()).isTrue();
        assertThat(ordered.out()).contains("does not answer", b.address(), "healed, this host leads the Swarm");
        assertThat(Swarm.leads(engineB)).isTrue();
        assertThat(Swarm.secrets(engineB)).containsExactly("password");
        assertThat(engineB.forceCalls()).isOne();
        assertThat(agentB.forceCalls()).isOne();
        assertThat(agentB.command("heal", "status")).contains("the last one", "success", "an operator's order");
    }

    @Test
    void theAddressLeavesADrainedHostAndALostQuorumIsHealedAllTheSame(Lab lab) {
        lab.gateway();
        Host a = lab.host("a");
        Host b = lab.host("b");
        List<Dockerd> engines = twoManagers(lab, a, b);
        Dockerd engineA = engines.getFirst();
        Dockerd engineB = engines.getLast();
        String follow = "\nholdfast.vrrp.instances.VI_1.track.swarm = on\n";
        AgentProcess agentA = agent(engineA, 200, follow);
        AgentProcess agentB = agent(engineB, 100, follow);
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agentA.awaitSwarmState("HAS_LEADER", SOON);
        agentB.awaitSwarmState("HAS_LEADER", SOON);
        String nodeA = engineA.get("/info").path("Swarm").path("NodeID").asText();

        engineB.docker("node", "update", "--availability", "drain", nodeA);
        agentA.awaitVrrpState(Router.INSTANCE, "FAULT", RAFT);
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        assertThat(agentA.command("status")).contains("fault: swarm health", "swarm health: DOWN (node drained)");
        engineB.docker("node", "update", "--availability", "active", nodeA);
        lab.awaitSoleHolder(a, Router.VIP, RAFT);

        // Docker is down on one host, and the other one's Swarm has lost its quorum: it must not be faulted for that.
        engineA.kill();
        agentA.awaitVrrpState(Router.INSTANCE, "FAULT", RAFT);
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        Await.until("b to lead a Swarm that works", RAFT.multipliedBy(2), () -> Swarm.leads(engineB));
        assertThat(engineB.forceCalls()).isOne();
        agentB.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        lab.awaitSoleHolder(b, Router.VIP, SOON);
    }
}
