package dev.holdfast.agent;

import dev.holdfast.agent.status.Timeline;
import dev.holdfast.vrrp.engine.EngineListener;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.LinkState;
import dev.holdfast.vrrp.engine.VipConflict;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.RejectReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the engine on its event loop: writes the log lines and the timeline, remembers each instance's state and passes
 * transitions on.
 * Nothing in here blocks.
 */
final class Transitions implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);

    private final Map<String, VrrpState> states = new ConcurrentHashMap<>();
    private final Map<String, VrrpState> groups = new ConcurrentHashMap<>();
    private final Timeline timeline;
    private final BiConsumer<InstanceSpec, VrrpState> next;
    private final BiConsumer<String, VrrpState> nextGroup;
    private final BiConsumer<String, LinkState> links;

    /**
     * Who hears of it further, on the event loop, and must not block.
     *
     * @param timeline remembers it
     * @param next takes the instance and its new state
     * @param nextGroup takes the sync group's name and its new state
     * @param links takes a network interface and its new state
     */
    Transitions(
            Timeline timeline,
            BiConsumer<InstanceSpec, VrrpState> next,
            BiConsumer<String, VrrpState> nextGroup,
            BiConsumer<String, LinkState> links) {
        this.timeline = timeline;
        this.next = next;
        this.nextGroup = nextGroup;
        this.links = links;
    }

    /** The state last entered. */
    VrrpState state(String instance) {
        return states.getOrDefault(instance, VrrpState.INIT);
    }

    @Override
    public void stateChanged(
            InstanceSpec instance, VrrpState from, VrrpState to, TransitionReason reason, String detail) {
        states.put(instance.name(), to);
        LOG.info(
                "({}) Entering {} STATE: {}{}",
                instance.name(),
                to,
                reason.text(),
                detail.isEmpty() ? "" : " (" + detail + ")");
        timeline.add(Timeline.Kind.INSTANCE, instance.name(), to.name(), reason.text(), detail);
        next.accept(instance, to);
    }

    /** The state that a sync group last entered. */
    VrrpState groupState(String group) {
        return groups.getOrDefault(group, VrrpState.INIT);
    }

    @Override
    public void groupChanged(String group, VrrpState from, VrrpState to) {
        groups.put(group, to);
        LOG.info("VRRP_Group({}) Syncing instances to {} state", group, to);
        timeline.add(Timeline.Kind.GROUP, group, to.name(), "", "");
        nextGroup.accept(group, to);
    }

    @Override
    public void rejected(String instance, RejectReason reason, String detail) {
        LOG.warn(
                "({}) refused an advertisement: {}{}", instance, reason.label(), detail.isEmpty() ? "" : ": " + detail);
    }

    @Override
    public void vipConflict(InstanceSpec instance, VipConflict conflict) {
        LOG.warn("({}) vip conflict: {} while this host is MASTER; {}", instance.name(), conflict, VipConflict.ADVICE);
        timeline.add(Timeline.Kind.CONFLICT, instance.name(), "conflict", conflict.toString(), "");
    }

    @Override
    public void vipConflictEnded(InstanceSpec instance, VipConflict conflict) {
        LOG.info("({}) vip conflict is over: {} no longer", instance.name(), conflict);
        timeline.add(Timeline.Kind.CONFLICT, instance.name(), "conflict over", conflict + " no longer", "");
    }

    @Override
    public void linkChanged(String interfaceName, LinkState state) {
        links.accept(interfaceName, state);
    }

    @Override
    public void trouble(String instance, String message) {
        LOG.warn("({}) {}", instance, message);
    }
}
