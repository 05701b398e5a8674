package dev.holdfast.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Fixtures;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.http.HttpRefusal;
import dev.holdfast.agent.notify.NotifyTotals;
import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.agent.track.Contribution;
import dev.holdfast.agent.track.TrackerStatus;
import dev.holdfast.swarm.ForceResult;
import dev.holdfast.swarm.HealMode;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.GroupStatus;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VipConflict;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.RiseFall;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
    @Test
    void theNamesAndLabelsAreThoseThatDashboardsRelyOn() {
        String text = new AgentMetrics(() -> Optional.of(status())).scrape();
        assertThat(text.lines())
                .contains(
                        "holdfast_up 1.0",
                        "holdfast_build_info{version=\"1.2.3\"} 1.0",
                        "holdfast_vrrp_state{family=\"ipv4\",instance=\"VI_1\",interface=\"eth0\",vrid=\"51\"} 2.0",
                        "holdfast_vrrp_priority{instance=\"VI_1\"} 90.0",
                        "holdfast_vrrp_addresses_held{instance=\"VI_1\"} 1.0",
                        "holdfast_vrrp_transitions_total{instance=\"VI_1\",to=\"MASTER\"} 4.0",
                        "holdfast_vrrp_transitions_total{instance=\"VI_1\",to=\"FAULT\"} 0.0",
                        "holdfast_vrrp_adverts_sent_total{instance=\"VI_1\"} 12.0",
                        "holdfast_vrrp_adverts_received_total{instance=\"VI_1\"} 34.0",
                        "holdfast_vrrp_rejected_total{instance=\"VI_1\",reason=\"auth_data\"} 5.0",
                        "holdfast_vrrp_rejected_total{instance=\"VI_1\",reason=\"ttl\"} 0.0",
                        "holdfast_vrrp_vip_conflict{instance=\"VI_1\"} 1.0",
                        "holdfast_vrrp_vip_conflicts_total{instance=\"VI_1\"} 2.0",
                        "holdfast_vrrp_stray_rejected_total{interface=\"eth1\",reason=\"unknown_vrid\"} 6.0",
                        "holdfast_tracker_up{kind=\"script\",name=\"api\"} 0.0",
                        "holdfast_notify_runs_total{instance=\"VI_1\",result=\"success\"} 2.0",
                        "holdfast_notify_runs_total{instance=\"VI_1\",result=\"failure\"} 1.0",
                        "holdfast_notify_dropped_total{instance=\"VI_1\"} 9.0",
                        "holdfast_swarm_state{state=\"NO_LEADER\"} 1.0",
                        "holdfast_swarm_state{state=\"HAS_LEADER\"} 0.0",
                        "holdfast_swarm_force_total{result=\"success\"} 1.0",
                        "holdfast_swarm_force_total{result=\"failure\"} 0.0",
                        "holdfast_swarm_heal_refusals_total{reason=\"engine-down\"} 3.0",
                        "holdfast_swarm_managers 0.0",
                        "holdfast_reloads_total{result=\"success\"} 1.0",
                        "holdfast_reloads_total{result=\"refused\"} 2.0",
                        "holdfast_log_lines_dropped_total 3.0",
                        "holdfast_http_refused_total{reason=\"too-many-streams\"} 0.0",
                        "holdfast_http_refused_total{reason=\"slow-reader\"} 6.0")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"));
        assertThat(text.lines().filter(line -> line.startsWith("holdfast_tracker_up")))
                .hasSize(1);
    }

    @Test
    void everyNameHasHelpAndTypeOnce() {
        String text = new AgentMetrics(() -> Optional.of(status())).scrape();
        List<String> types =
                text.lines().filter(line -> line.startsWith("# TYPE holdfast_")).toList();
        assertThat(types).doesNotHaveDuplicates().hasSizeGreaterThan(15);
        assertThat(text.lines().filter(line -> line.startsWith("# HELP holdfast_")))
                .hasSameSizeAs(types);
    }

    @Test
    void withoutAnAnswerOnlyThatIsSaid() {
        String text = new AgentMetrics(Optional::empty).scrape();
        assertThat(text.lines().filter(line -> line.startsWith("holdfast_"))).containsExactly("holdfast_up 0.0");
    }

    private static AgentStatus status() {
        InstanceStatus vrrp = new InstanceStatus(
                Fixtures.spec("VI_1", 51, 100),
                VrrpState.MASTER,
                Instant.EPOCH,
                TransitionReason.MASTER_DOWN,
                90,
                Optional.empty(),
                90,
                Fixtures.spec("VI_1", 51, 100).addresses(),
                List.of(),
                12,
                34,
                Map.of(RejectReason.AUTH_DATA, 5L),
                List.of(new VipConflict(IpAddress.parse("10.0.0.70"), "02:00:00:00:00:07", Instant.EPOCH)),
                2,
                Map.of(VrrpState.MASTER, 4L));
        TrackerStatus down = new TrackerStatus("api", TrackerKind.SCRIPT, RiseFall.State.DOWN, 0, "exit status 1");
        TrackerStatus unknown = new TrackerStatus("eth5", TrackerKind.INTERFACE, RiseFall.State.UNKNOWN, 0, "");
        HealStatus heal = new HealStatus(
                SwarmState.NO_LEADER,
                "",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                HealMode.GUARDED,
                true,
                "refuse",
                "engine-down",
                "",
                null,
                0,
                Map.of(ForceResult.SUCCESS, 1L),
                Map.of(HealRefusal.ENGINE_DOWN, 3L),
                "",
                "",
                List.of(),
                null,
                HealMode.GUARDED,
                null,
                null);
        return new AgentStatus(
                "cube01",
                "1.2.3",
                List.of(new AgentStatus.Instance(vrrp, List.of(new Contribution(down, -10, -10, false)))),
                new EngineStatus(
                        List.of(new GroupStatus("G1", List.of("VI_1"), VrrpState.MASTER, Instant.EPOCH)),
                        Optional.empty()),
                Map.of("eth1", Map.of(RejectReason.UNKNOWN_VRID, 6L)),
                List.of(down, unknown),
                new NotifyTotals(Map.of("VI_1", 2L, "group G1", 4L), Map.of("VI_1", 1L), Map.of("VI_1", 9L)),
                Optional.of(heal),
                new AgentStatus.ProcessCounters(1, 2, 3, 4, 5, Map.of(HttpRefusal.SLOW_READER, 6L)),
                List.of());
    }
}
