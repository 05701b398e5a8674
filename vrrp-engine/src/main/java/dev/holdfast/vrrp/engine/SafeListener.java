package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.RejectReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a listener's exceptions away from the protocol. */
record SafeListener(EngineListener delegate) implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(SafeListener.class);

    @Override
    public void stateChanged(
            InstanceSpec instance, VrrpState from, VrrpState to, TransitionReason reason, String detail) {
        safely(() -> delegate.stateChanged(instance, from, to, reason, detail));
    }

    @Override
    public void groupChanged(String group, VrrpState from, VrrpState to) {
        safely(() -> delegate.groupChanged(group, from, to));
    }

    @Override
    public void rejected(String instance, RejectReason reason, String detail) {
        safely(() -> delegate.rejected(instance, reason, detail));
    }

    @Override
    public void vipConflict(InstanceSpec instance, VipConflict conflict) {
        safely(() -> delegate.vipConflict(instance, conflict));
    }

    @Override
    public void vipConflictEnded(InstanceSpec instance, VipConflict conflict) {
        safely(() -> delegate.vipConflictEnded(instance, conflict));
    }

    @Override
    public void linkChanged(String interfaceName, LinkState state) {
        safely(() -> delegate.linkChanged(interfaceName, state));
    }

    @Override
    public void trouble(String instance, String message) {
        safely(() -> delegate.trouble(instance, message));
    }

    private static void safely(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed", e);
        }
    }
}
