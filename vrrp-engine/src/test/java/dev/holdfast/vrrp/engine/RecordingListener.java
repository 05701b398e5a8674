package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.RejectReason;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what the engine told. */
final class RecordingListener implements EngineListener {
    record Transition(String instance, VrrpState from, VrrpState to, TransitionReason reason, String detail) {}

    final List<Transition> transitions = new CopyOnWriteArrayList<>();
    final List<String> groups = new CopyOnWriteArrayList<>();
    final List<RejectReason> rejected = new CopyOnWriteArrayList<>();
    final List<String> conflicts = new CopyOnWriteArrayList<>();
    final List<String> links = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();

    @Override
    public void stateChanged(
            InstanceSpec instance, VrrpState from, VrrpState to, TransitionReason reason, String detail) {
        transitions.add(new Transition(instance.name(), from, to, reason, detail));
    }

    @Override
    public void groupChanged(String group, VrrpState from, VrrpState to) {
        groups.add(group + " " + to);
    }

    @Override
    public void rejected(String instance, RejectReason reason, String detail) {
        rejected.add(reason);
    }

    @Override
    public void vipConflict(InstanceSpec instance, VipConflict conflict) {
        conflicts.add(conflict.toString());
    }

    @Override
    public void vipConflictEnded(InstanceSpec instance, VipConflict conflict) {
        conflicts.add("no longer: " + conflict);
    }

    @Override
    public void linkChanged(String interfaceName, LinkState state) {
        links.add(interfaceName + " " + state);
    }

    @Override
    public void trouble(String instance, String message) {
        troubles.add(message);
    }
}
