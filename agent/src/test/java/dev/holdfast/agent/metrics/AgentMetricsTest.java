package dev.holdfast.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.Fixtures;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.http.HttpRefusal;
import dev.holdfast.agent.notify.NotifyTotals;
import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.agent.track.Contribution;
import dev.holdfast.agent.track.TrackerStatus;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.swarm.ForceResult;
import dev.holdfast.swarm.HealMode;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.managers.KeepAction;
import dev.holdfast.swarm.managers.KeepMode;
import dev.holdfast.swarm.managers.ManagersStatus;
import dev.holdfast.vrrp.engine.EngineStatus;
import dev.holdfast.vrrp.engine.GroupStatus;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VipConflict;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.RiseFall;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.RejectReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("(?m)^((?:holdfast|keepalived)_\\w+)(?:\\{(.*)\\})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:holdfast|keepalived)_\\w+)` \\|([^|]*)\\|");
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");

    @Test
    void theNamesAndLabelsAreThoseThatDashboardsRelyOn() {
        String text = new AgentMetrics(() -> Optional.of(status()), () -> false).scrape();
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
                        "holdfast_vrrp_resignations_sent_total{instance=\"VI_1\"} 1.0",
                        "holdfast_vrrp_resignations_received_total{instance=\"VI_1\"} 2.0",
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
                        "holdfast_peers_configured 3.0",
                        "holdfast_peers_connected 1.0",
                        "holdfast_peers_requests_total{result=\"answered\",type=\"report\"} 7.0",
                        "holdfast_peers_refused_total{reason=\"wrong-secret\"} 8.0",
                        "holdfast_peers_refused_total{reason=\"not-tls\"} 0.0",
                        "holdfast_swarm_managers_reachable 0.0",
                        "holdfast_swarm_heal_plan{plan=\"refuse\",reason=\"engine-down\"} 1.0",
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
        String text = new AgentMetrics(() -> Optional.of(status()), () -> false).scrape();
        List<String> types =
                text.lines().filter(line -> line.startsWith("# TYPE holdfast_")).toList();
        assertThat(types).doesNotHaveDuplicates().hasSizeGreaterThan(15);
        assertThat(text.lines().filter(line -> line.startsWith("# HELP holdfast_")))
                .hasSameSizeAs(types);
    }

    @Test
    void withoutAnAnswerOnlyThatIsSaid() {
        String text = new AgentMetrics(Optional::empty, () -> false).scrape();
        assertThat(text.lines().filter(line -> line.startsWith("holdfast_"))).containsExactly("holdfast_up 0.0");
    }

    @Test
    void whereItIsWantedDashboardsOfKeepalivedExporterFindTheirNames() {
        String common = "{iname=\"VI_1\",intf=\"eth0\",vrid=\"51\"} ";
        String text = new AgentMetrics(() -> Optional.of(status()), () -> true).scrape();
        assertThat(text.lines())
                .contains(
                        "keepalived_up 1.0",
                        "keepalived_vrrp_state{iname=\"VI_1\",intf=\"eth0\",ip_address=\"10.0.0.70/24\",vrid=\"51\"} 2.0",
                        "keepalived_advertisements_received_total" + common + "34.0",
                        "keepalived_advertisements_sent_total" + common + "12.0",
                        "keepalived_become_master_total" + common + "4.0",
                        "keepalived_release_master_total" + common + "3.0",
                        "keepalived_priority_zero_received_total" + common + "2.0",
                        "keepalived_priority_zero_sent_total" + common + "1.0",
                        "keepalived_packet_length_errors_total" + common + "0.0",
                        "keepalived_ip_ttl_errors_total" + common + "0.0",
                        "keepalived_invalid_type_received_total" + common + "0.0",
                        "keepalived_address_list_errors_total" + common + "0.0",
                        "keepalived_advertisements_interval_errors_total" + common + "0.0",
                        "keepalived_authentication_invalid_total" + common + "0.0",
                        "keepalived_authentication_mismatch_total" + common + "0.0",
                        "keepalived_authentication_failure_total" + common + "5.0",
                        "keepalived_script_status{name=\"api\"} 0.0",
                        "keepalived_script_state{name=\"api\"} 0.0",
                        "# TYPE keepalived_vrrp_state gauge",
                        "# TYPE keepalived_advertisements_sent_total counter",
                        "holdfast_up 1.0");
        assertThat(new AgentMetrics(Optional::empty, () -> true).scrape().lines())
                .contains("keepalived_up 0.0");
        assertThat(new AgentMetrics(() -> Optional.of(status()), () -> false).scrape())
                .doesNotContain("keepalived_");
    }

    /** Each row of the page's tables names a metric and its labels: the same as a scrape has, no less and no more. */
    @Test
    void everyMetricIsExplainedAndEveryExplainedMetricExists() throws IOException {
        String scrape = new AgentMetrics(() -> Optional.of(everything()), () -> true).scrape();
        Map<String, Set<String>> exposed = new TreeMap<>();
        SAMPLE.matcher(scrape).results().forEach(sample -> {
            Set<String> labels = exposed.computeIfAbsent(sample.group(1), _ -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        });
        Map<String, Set<String>> explained = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("../docs/metrics.md"))).results().forEach(row -> {
            Set<String> labels = new TreeSet<>();
            QUOTED.matcher(row.group(2)).results().forEach(label -> labels.add(label.group(1)));
            explained.put(row.group(1), labels);
        });
        assertThat(explained).isEqualTo(exposed);
    }

    /** One of everything, so that no family is empty. */
    private static AgentStatus everything() {
        AgentStatus some = status();
        TrackerStatus file = new TrackerStatus("load", TrackerKind.FILE, RiseFall.State.UP, 7, "7");
        return new AgentStatus(
                some.node(),
                some.version(),
                some.instances(),
                some.vrrp(),
                some.strayRejects(),
                List.of(some.trackers().getFirst(), file),
                some.hooks(),
                some.swarm(),
                some.managers(),
                some.peers(),
                some.process(),
                some.timeline());
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
                1,
                2,
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
                Optional.of(new ManagersStatus(
                        KeepMode.ON, 3, List.of(), Map.of(KeepAction.PROMOTE, new ManagersStatus.Count(2, 1)))),
                new PeersStatus(
                        true,
                        "",
                        3,
                        List.of(
                                new PeersStatus.Peer("b", "10.0.0.2:9652", true, true, Optional.of(1L), true, "", ""),
                                new PeersStatus.Peer(
                                        "", "10.0.0.3:9652", true, false, Optional.empty(), false, "", "")),
                        Map.of("report", Map.of("answered", 7L)),
                        Map.of(PeerRefusal.WRONG_SECRET, 8L)),
                new AgentStatus.ProcessCounters(1, 2, 3, 4, 5, Map.of(HttpRefusal.SLOW_READER, 6L)),
                List.of());
    }

    /** On a virtual thread, where the HTTP server answers, writing them is a hundred times the garbage. */
    @Test
    void areWrittenOnAPlatformThreadWhoeverAsks() throws InterruptedException {
        AtomicReference<Thread> writer = new AtomicReference<>();
        AgentMetrics metrics = new AgentMetrics(
                () -> {
                    writer.set(Thread.currentThread());
                    return Optional.of(status());
                },
                () -> false);
        assertThat(Thread.ofVirtual().start(metrics::scrape).join(Duration.ofSeconds(30)))
                .isTrue();
        assertThat(writer.get()).isNotNull().returns(false, Thread::isVirtual);
    }
}
