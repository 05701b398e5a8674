package dev.holdfast.agent.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.agent.notify.NotifyEvent;
import dev.holdfast.agent.track.Contribution;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.Manager;
import dev.holdfast.vrrp.engine.GroupStatus;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.InstanceStatus;
import dev.holdfast.vrrp.engine.VipConflict;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The status as JSON: the answer of {@code /api/v1/status} and of {@code holdfast status --json}. Holds no secrets. */
public final class StatusJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private StatusJson() {}

    /** The whole status. */
    public static ObjectNode of(AgentStatus status) {
        ObjectNode root = NODES.objectNode().put("node", status.node()).put("version", status.version());
        ArrayNode instances = root.putArray("instances");
        status.instances().forEach(instance -> instances.add(instance(instance, status)));
        ArrayNode groups = root.putArray("groups");
        status.vrrp().groups().forEach(group -> groups.add(group(group, status)));
        root.put("startsAt", status.vrrp().startsAt().map(Instant::toString).orElse(null));
        ObjectNode stray = root.putObject("strayRejects");
        status.strayRejects().forEach((name, reasons) -> counts(stray.putObject(name), reasons));
        root.set("swarm", swarm(status.swarm()));
        status.managers().ifPresent(managers -> root.set("managers", ManagersJson.of(managers)));
        root.set("peers", PeersJson.of(status.peers()));
        root.putObject("process")
                .put("reloads", status.process().reloads())
                .put("reloadsRefused", status.process().reloadsRefused())
                .put("logLinesDropped", status.process().logLinesDropped())
                .put("fifoEventsLost", status.process().fifoEventsLost())
                .put("socketEventsLost", status.process().socketEventsLost());
        ArrayNode timeline = root.putArray("timeline");
        status.timeline().forEach(entry -> timeline.add(entry(entry)));
        return root;
    }

    private static ObjectNode entry(Timeline.Entry entry) {
        return NODES.objectNode()
                .put("at", entry.at().toString())
                .put("kind", entry.kind().label())
                .put("subject", entry.subject())
                .put("what", entry.what())
                .put("reason", entry.reason())
                .put("detail", entry.detail());
    }

    private static ObjectNode instance(AgentStatus.Instance instance, AgentStatus status) {
        InstanceStatus vrrp = instance.vrrp();
        InstanceSpec spec = vrrp.spec();
        ObjectNode node = NODES.objectNode()
                .put("name", spec.name())
                .put("state", vrrp.state().name())
                .put("since", vrrp.since().toString())
                .put("reason", vrrp.reason().text())
                .put("priority", spec.priority())
                .put("effectivePriority", vrrp.effectivePriority())
                .put("vrid", spec.virtualRouterId())
                .put("version", spec.version().number())
                .put("family", spec.family().name().toLowerCase(Locale.ROOT))
                .put("interface", spec.interfaceName())
                .put("advertIntervalMillis", spec.advertInterval().toMillis());
        spec.virtualMac()
                .ifPresent(mac -> node.putObject("virtualMac")
                        .put("interface", mac.interfaceName())
                        .put("address", mac.addressText()));
        strings(node.putArray("addresses"), spec.addresses());
        strings(node.putArray("excludedAddresses"), spec.excludedAddresses());
        strings(node.putArray("heldAddresses"), vrrp.heldAddresses());
        if (vrrp.masterAddress().isPresent()) {
            node.putObject("master")
                    .put("address", vrrp.masterAddress().get().toString())
                    .put("priority", vrrp.masterPriority());
        } else {
            node.putNull("master");
        }
        strings(node.putArray("faults"), vrrp.faults());
        ArrayNode conflicts = node.putArray("vipConflicts");
        vrrp.conflicts()
                .forEach(conflict -> conflicts
                        .addObject()
                        .put("address", conflict.address().toString())
                        .put("mac", conflict.mac())
                        .put("since", conflict.since().toString())
                        .put("advice", VipConflict.ADVICE));
        node.put("advertsSent", vrrp.advertsSent()).put("advertsReceived", vrrp.advertsReceived());
        counts(node.putObject("rejected"), vrrp.rejected());
        ObjectNode transitions = node.putObject("transitions");
        vrrp.transitions().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> transitions.put(entry.getKey().name(), entry.getValue()));
        ArrayNode trackers = node.putArray("trackers");
        instance.trackers().forEach(tracker -> trackers.add(tracker(tracker)));
        hooks(node, status, spec.name());
        return node;
    }

    private static ObjectNode group(GroupStatus group, AgentStatus status) {
        ObjectNode node = NODES.objectNode()
                .put("name", group.name())
                .put("state", group.state().name())
                .put("since", group.since().toString());
        strings(node.putArray("members"), group.members());
        hooks(node, status, NotifyEvent.groupSubject(group.name()));
        return node;
    }

    private static void hooks(ObjectNode node, AgentStatus status, String subject) {
        node.putObject("hooks")
                .put("succeeded", status.hooks().succeeded().getOrDefault(subject, 0L))
                .put("failed", status.hooks().failed().getOrDefault(subject, 0L))
                .put("dropped", status.hooks().dropped().getOrDefault(subject, 0L));
    }

    private static ObjectNode tracker(Contribution contribution) {
        return NODES.objectNode()
                .put("name", contribution.tracker().name())
                .put("kind", contribution.tracker().kind().label())
                .put("state", contribution.tracker().state().name())
                .put("detail", contribution.tracker().detail())
                .put("weight", contribution.weight())
                .put("points", contribution.points())
                .put("fault", contribution.fault());
    }

    /** What healing sees and means to do; empty where the watch over Swarm is off. */
    public static ObjectNode swarm(Optional<HealStatus> heal) {
        return heal.map(StatusJson::swarm).orElseGet(() -> NODES.objectNode().put("enabled", false));
    }

    private static ObjectNode swarm(HealStatus heal) {
        ObjectNode node = NODES.objectNode()
                .put("enabled", true)
                .put("state", heal.state() == null ? null : heal.state().name())
                .put("detail", heal.stateDetail())
                .put("fault", heal.fault() == null ? null : heal.fault().label())
                .put(
                        "since",
                        heal.stateSince() == null ? null : heal.stateSince().toString())
                .put(
                        "observedAt",
                        heal.observedAt() == null ? null : heal.observedAt().toString())
                .put("policy", heal.mode().label())
                .put("configuredPolicy", heal.configuredMode().label())
                .put(
                        "policySetAt",
                        heal.modeSince() == null ? null : heal.modeSince().toString())
                .put("master", heal.master())
                .put("plan", heal.decision())
                .put("reason", heal.reason())
                .put("explanation", heal.explanation())
                .put(
                        "waitingUntil",
                        heal.waitingUntil() == null ? null : heal.waitingUntil().toString())
                .put("attempts", heal.attempts())
                .put("nodeId", heal.nodeId())
                .put("clusterId", heal.clusterId());
        HealStatus.LastForce last = heal.lastForce();
        if (last == null) {
            node.putNull("lastForce");
        } else {
            node.putObject("lastForce")
                    .put("at", last.at().toString())
                    .put(
                            "result",
                            last.result() == null ? "unknown" : last.result().label());
        }
        ObjectNode forces = node.putObject("forces");
        heal.forces().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> forces.put(entry.getKey().label(), entry.getValue()));
        ObjectNode refusals = node.putObject("refusals");
        heal.refusals().entrySet().stream()
                .sorted(Map.Entry.<HealRefusal, Long>comparingByKey())
                .forEach(entry -> refusals.put(entry.getKey().label(), entry.getValue()));
        ArrayNode managers = node.putArray("managers");
        heal.managers().forEach(manager -> managers.add(manager(manager)));
        node.put("leader", heal.leader() == null ? null : heal.leader().displayName());
        return node;
    }

    private static ObjectNode manager(Manager manager) {
        return NODES.objectNode()
                .put("id", manager.id())
                .put("hostname", manager.hostname())
                .put("endpoint", manager.endpoint() == null ? null : Objects.toString(manager.endpoint()))
                .put("reachability", manager.reachability())
                .put("leader", manager.leader());
    }

    private static void strings(ArrayNode array, Collection<?> values) {
        values.forEach(value -> array.add(value.toString()));
    }

    private static void counts(ObjectNode node, Map<RejectReason, Long> reasons) {
        reasons.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> node.put(entry.getKey().label(), entry.getValue()));
    }
}
