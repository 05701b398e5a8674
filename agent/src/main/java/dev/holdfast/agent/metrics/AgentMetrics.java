package dev.holdfast.agent.metrics;

import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.http.HttpRefusal;
import dev.holdfast.agent.notify.NotifyEvent;
import dev.holdfast.agent.status.AgentStatus;
import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.agent.track.TrackerStatus;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.swarm.ForceResult;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.managers.KeepAction;
import dev.holdfast.swarm.managers.ManagersStatus;
import dev.holdfast.vrrp.engine.GroupStatus;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.RiseFall;
import dev.holdfast.vrrp.wire.RejectReason;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The metrics. Those of Holdfast are made from one {@link AgentStatus} per scrape, so that they agree with each other and an
 * instance that a reload removed is gone at once; the JVM's come from micrometer.
 */
public final class AgentMetrics {
    private final Supplier<Optional<AgentStatus>> source;
    private final BooleanSupplier keepalivedNames;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /**
     * Metrics of that agent.
     *
     * @param source asked at each scrape; empty if the agent can't tell now: then only the JVM's metrics are there
     * @param keepalivedNames asked at each scrape: whether keepalived-exporter's names are wanted too
     */
    public AgentMetrics(Supplier<Optional<AgentStatus>> source, BooleanSupplier keepalivedNames) {
        this.source = source;
        this.keepalivedNames = keepalivedNames;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        MultiCollector collector = this::collect;
        registry.getPrometheusRegistry().register(collector);
    }

    /**
     * Everything in Prometheus' text format. Written on a platform thread: on a virtual one the JDK's BufferedWriter begins small and
     * grows by each word, which is 16 MB of garbage a scrape, and four collections.
     *
     * @throws IllegalStateException if the calling thread is interrupted
     */
    public String scrape() {
        FutureTask<String> text = new FutureTask<>(registry::scrape);
        Thread.ofPlatform().daemon().name("scrape").start(text);
        try {
            return text.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the metrics can't be written: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private MetricSnapshots collect() {
        Samples samples = new Samples();
        Optional<AgentStatus> status = source.get();
        samples.gauge("holdfast_up", "1 if the event loop answered this scrape").add(status.isPresent() ? 1 : 0);
        status.ifPresent(seen -> {
            samples.gauge("holdfast_build_info", "1, with the running version").add(1, "version", seen.version());
            vrrp(samples, seen);
            trackers(samples, seen);
            hooks(samples, seen);
            swarm(samples, seen);
            managers(samples, seen);
            peers(samples, seen.peers());
            process(samples, seen);
        });
        if (keepalivedNames.getAsBoolean()) {
            KeepalivedNames.add(samples, status);
        }
        return samples.snapshots();
    }

    private static void vrrp(Samples samples, AgentStatus status) {
        Samples.Family state = samples.gauge("holdfast_vrrp_state", "0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT");
        Samples.Family priority = samples.gauge("holdfast_vrrp_priority", "Effective priority, 1..255");
        Samples.Family held = samples.gauge("holdfast_vrrp_addresses_held", "Virtual addresses on the interface now");
        Samples.Family transitions = samples.counter("holdfast_vrrp_transitions", "How often a state was entered");
        Samples.Family sent = samples.counter("holdfast_vrrp_adverts_sent", "Advertisements sent");
        Samples.Family received = samples.counter("holdfast_vrrp_adverts_received", "Advertisements accepted");
        Samples.Family resigned =
                samples.counter("holdfast_vrrp_resignations_sent", "Advertisements sent with priority 0");
        Samples.Family resignations =
                samples.counter("holdfast_vrrp_resignations_received", "Advertisements accepted with priority 0");
        Samples.Family rejected = samples.counter("holdfast_vrrp_rejected", "Datagrams refused");
        Samples.Family conflict =
                samples.gauge("holdfast_vrrp_vip_conflict", "Virtual addresses that another host holds too, now");
        Samples.Family conflicts = samples.counter("holdfast_vrrp_vip_conflicts", "Other holders found while MASTER");
        Samples.Family stray =
                samples.counter("holdfast_vrrp_stray_rejected", "Datagrams refused that belong to no instance");
        for (AgentStatus.Instance instance : status.instances()) {
            InstanceStatus vrrp = instance.vrrp();
            InstanceSpec spec = vrrp.spec();
            String name = spec.name();
            state.add(
                    vrrp.state().code(),
                    "instance",
                    name,
                    "vrid",
                    Integer.toString(spec.virtualRouterId()),
                    "interface",
                    spec.interfaceName(),
                    "family",
                    spec.family().name().toLowerCase(Locale.ROOT));
            priority.add(vrrp.effectivePriority(), "instance", name);
            held.add(vrrp.heldAddresses().size(), "instance", name);
            for (VrrpState to : VrrpState.values()) {
                transitions.add(vrrp.transitions().getOrDefault(to, 0L), "instance", name, "to", to.name());
            }
            sent.add(vrrp.advertsSent(), "instance", name);
            received.add(vrrp.advertsReceived(), "instance", name);
            resigned.add(vrrp.resignationsSent(), "instance", name);
            resignations.add(vrrp.resignationsReceived(), "instance", name);
            conflict.add(vrrp.conflicts().size(), "instance", name);
            conflicts.add(vrrp.conflictsFound(), "instance", name);
            for (RejectReason reason : RejectReason.values()) {
                rejected.add(vrrp.rejected().getOrDefault(reason, 0L), "instance", name, "reason", reason.label());
            }
        }
        Samples.Family groupState =
                samples.gauge("holdfast_vrrp_group_state", "Sync group: 0 INIT, 1 BACKUP, 2 MASTER, 3 FAULT");
        status.vrrp().groups().forEach(group -> groupState.add(group.state().code(), "group", group.name()));
        status.strayRejects()
                .forEach((name, reasons) -> reasons.forEach(
                        (reason, count) -> stray.add(count, "interface", name, "reason", reason.label())));
    }

    private static void trackers(Samples samples, AgentStatus status) {
        Samples.Family up = samples.gauge("holdfast_tracker_up", "1 up, 0 down; absent before the first result");
        Samples.Family value = samples.gauge("holdfast_tracker_value", "The number in a tracked file");
        for (TrackerStatus tracker : status.trackers()) {
            if (tracker.state() != RiseFall.State.UNKNOWN) {
                if (tracker.kind() == TrackerKind.FILE) {
                    value.add(tracker.value(), "name", tracker.name());
                }
                up.add(
                        tracker.state() == RiseFall.State.UP ? 1 : 0,
                        "name",
                        tracker.name(),
                        "kind",
                        tracker.kind().label());
            }
        }
    }

    private static void hooks(Samples samples, AgentStatus status) {
        Samples.Family runs = samples.counter("holdfast_notify_runs", "Notify hooks that ran");
        Samples.Family dropped =
                samples.counter("holdfast_notify_dropped", "Transitions whose hooks never ran because too many waited");
        for (AgentStatus.Instance instance : status.instances()) {
            String name = instance.vrrp().spec().name();
            runs.add(count(status.hooks().succeeded(), name), "instance", name, "result", "success");
            runs.add(count(status.hooks().failed(), name), "instance", name, "result", "failure");
            dropped.add(count(status.hooks().dropped(), name), "instance", name);
        }
        Samples.Family groupRuns =
                samples.counter("holdfast_notify_group_runs", "Notify hooks of sync groups that ran");
        Samples.Family groupDropped =
                samples.counter("holdfast_notify_group_dropped", "Transitions of sync groups whose hooks never ran");
        for (GroupStatus group : status.vrrp().groups()) {
            String subject = NotifyEvent.groupSubject(group.name());
            groupRuns.add(count(status.hooks().succeeded(), subject), "group", group.name(), "result", "success");
            groupRuns.add(count(status.hooks().failed(), subject), "group", group.name(), "result", "failure");
            groupDropped.add(count(status.hooks().dropped(), subject), "group", group.name());
        }
    }

    private static void swarm(Samples samples, AgentStatus status) {
        Samples.Family state =
                samples.gauge("holdfast_swarm_state", "1 for the state that this node sees, 0 for others");
        Samples.Family force = samples.counter("holdfast_swarm_force", "Calls of force-new-cluster");
        Samples.Family refusals = samples.counter("holdfast_swarm_heal_refusals", "Refusals to heal");
        Samples.Family managers = samples.gauge("holdfast_swarm_managers", "Managers of the Swarm as last known");
        Samples.Family reachable =
                samples.gauge("holdfast_swarm_managers_reachable", "Those that the leader can reach");
        Samples.Family plan =
                samples.gauge("holdfast_swarm_heal_plan", "1, with what healing means to do now, and why");
        status.swarm().ifPresent(heal -> {
            for (SwarmState candidate : SwarmState.values()) {
                state.add(candidate == heal.state() ? 1 : 0, "state", candidate.name());
            }
            for (ForceResult result : ForceResult.values()) {
                force.add(heal.forces().getOrDefault(result, 0L), "result", result.label());
            }
            for (HealRefusal reason : HealRefusal.values()) {
                refusals.add(heal.refusals().getOrDefault(reason, 0L), "reason", reason.label());
            }
            managers.add(heal.managers().size());
            reachable.add(heal.managers().stream()
                    .filter(manager -> manager.reachability().equals("reachable"))
                    .count());
            plan.add(1, "plan", heal.decision(), "reason", heal.reason());
        });
    }

    private static void managers(Samples samples, AgentStatus status) {
        Samples.Family wanted =
                samples.gauge("holdfast_swarm_managers_wanted", "Managers that there shall be; 0 if nobody keeps them");
        Samples.Family repairs = samples.counter("holdfast_swarm_repairs", "Calls that change who is a manager");
        status.managers().ifPresent(kept -> {
            wanted.add(kept.wanted());
            for (KeepAction action : KeepAction.values()) {
                ManagersStatus.Count count = kept.repairs().getOrDefault(action, ManagersStatus.Count.NONE);
                repairs.add(count.succeeded(), "action", action.label(), "result", "success");
                repairs.add(count.failed(), "action", action.label(), "result", "failure");
            }
        });
    }

    private static void peers(Samples samples, PeersStatus peers) {
        samples.gauge("holdfast_peers_configured", "Agents that count for a majority, this one included")
                .add(peers.configured());
        samples.gauge("holdfast_peers_connected", "Other agents that can be asked now")
                .add(peers.connected());
        Samples.Family requests = samples.counter("holdfast_peers_requests", "What other agents were asked");
        peers.requests()
                .forEach((type, results) ->
                        results.forEach((result, count) -> requests.add(count, "type", type, "result", result)));
        Samples.Family refused =
                samples.counter("holdfast_peers_refused", "Connections and messages of other agents that were refused");
        if (peers.on()) {
            for (PeerRefusal reason : PeerRefusal.values()) {
                refused.add(peers.refused().getOrDefault(reason, 0L), "reason", reason.label());
            }
        }
    }

    private static void process(Samples samples, AgentStatus status) {
        Samples.Family lost = samples.counter("holdfast_notify_events_lost", "Transitions that a reader missed");
        lost.add(status.process().fifoEventsLost(), "sink", "fifo");
        lost.add(status.process().socketEventsLost(), "sink", "socket");
        Samples.Family reloads = samples.counter("holdfast_reloads", "Configurations read on request");
        reloads.add(status.process().reloads(), "result", "success");
        reloads.add(status.process().reloadsRefused(), "result", "refused");
        Samples.Family refused =
                samples.counter("holdfast_http_refused", "HTTP clients that did not get what they asked");
        for (HttpRefusal reason : HttpRefusal.values()) {
            refused.add(status.process().httpRefusals().getOrDefault(reason, 0L), "reason", reason.label());
        }
        samples.counter("holdfast_log_lines_dropped", "Log lines that nobody read in time")
                .add(status.process().logLinesDropped());
    }

    private static long count(Map<String, Long> counts, String instance) {
        return counts.getOrDefault(instance, 0L);
    }
}
