package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.notify.NotifyTotals;
import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.swarm.Endpoint;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OtherAgentsTest {
    private static InetAddress ip(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private static AgentStatus status(String master) {
        InstanceSpec spec = InstanceSpec.builder("VI_1", "eth0", 51)
                .addresses(List.of(VipAddress.parse("10.0.0.70/24")))
                .transport(new Transport.Unicast(
                        Optional.empty(), List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.3"))))
                .build();
        InstanceStatus vrrp = new InstanceStatus(
                spec,
                VrrpState.BACKUP,
                Instant.EPOCH,
                TransitionReason.STARTED,
                100,
                Optional.of(IpAddress.parse(master)),
                100,
                List.of(),
                List.of(),
                0,
                0,
                0,
                0,
                Map.of(),
                List.of(),
                0,
                Map.of());
        return new AgentStatus(
                "a",
                "1",
                List.of(new AgentStatus.Instance(vrrp, List.of())),
                new EngineStatus(List.of(), Optional.empty()),
                Map.of(),
                List.of(),
                new NotifyTotals(Map.of(), Map.of(), Map.of()),
                Optional.empty(),
                Optional.empty(),
                PeersStatus.OFF,
                new AgentStatus.ProcessCounters(0, 0, 0, 0, 0, Map.of()),
                List.of());
    }

    @Test
    void theyAreConfiguredPeersHeardMastersAndNodesOfTheSwarmButNeitherThisHostNorVirtual() {
        Manager manager = new Manager("m4", "d", new Endpoint("10.0.0.4", 2377), "reachable", true);
        SwarmSnapshot seen = new SwarmSnapshot(
                SwarmState.HAS_LEADER,
                "",
                null,
                "m1",
                "10.0.0.1",
                List.of(manager),
                List.of(
                        new SwarmNode("m4", "d", "manager", "active", "ready", "0.0.0.0", 1, manager),
                        new SwarmNode("w5", "e", "worker", "active", "ready", "10.0.0.5", 1, null),
                        new SwarmNode("w6", "f", "worker", "active", "down", "", 1, null),
                        new SwarmNode("m1", "a", "worker", "active", "ready", "10.0.0.1", 1, null)),
                null,
                1);
        OtherAgents others = new OtherAgents(
                () -> Set.of(ip("10.0.0.1"), ip("127.0.0.1")),
                () -> Optional.of(seen),
                () -> List.of(ip("10.0.0.9"), ip("10.0.0.2")));

        assertThat(others.addresses(status("10.0.0.8")))
                .containsExactly(
                        ip("10.0.0.9"), ip("10.0.0.2"), ip("10.0.0.3"), ip("10.0.0.8"), ip("10.0.0.4"), ip("10.0.0.5"));
        assertThat(others.addresses(status("10.0.0.70"))).doesNotContain(ip("10.0.0.70"), ip("10.0.0.1"));
        assertThat(others.addresses(status("fe80::1")))
                .noneMatch(InetAddress::isLinkLocalAddress)
                .hasSize(5);
    }
}
