package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.RejectReason;

/** What the engine tells the rest of the agent. Called on the event loop: must return at once and never block. */
public interface EngineListener {
    /**
     * An instance changed its state. What belongs to that is done by then: the advertisement is sent, the addresses are
     * added or removed.
     *
     * @param instance the instance as it is now
     * @param from the state left
     * @param to the state entered
     * @param reason why
     * @param detail what exactly, for the log ("10.0.0.61 has priority 100"); may be empty
     */
    void stateChanged(InstanceSpec instance, VrrpState from, VrrpState to, TransitionReason reason, String detail);

    /**
     * A sync group as a whole changed its state, after its members did.
     *
     * @param group the group's name
     * @param from the state left
     * @param to the state entered; INIT if it is no more
     */
    void groupChanged(String group, VrrpState from, VrrpState to);

    /**
     * A datagram was refused. The engine limits how often it tells (counters stay exact).
     *
     * @param instance the instance's name, or the interface's where no instance matches
     * @param reason why it was refused
     * @param detail what was seen, without secrets
     */
    void rejected(String instance, RejectReason reason, String detail);

    /**
     * Another host holds a virtual address of an instance that is MASTER here, and not for a moment only.
     *
     * @param instance the instance
     * @param conflict the address, and who else holds it
     */
    void vipConflict(InstanceSpec instance, VipConflict conflict);

    /**
     * A conflict is over: the other no longer answers, or this host is no longer MASTER.
     *
     * @param instance the instance
     * @param conflict what was told before
     */
    void vipConflictEnded(InstanceSpec instance, VipConflict conflict);

    /**
     * A network interface of this host, used by an instance or not, is in another state. The first calls, from within the
     * engine's constructor, tell of those that are there.
     *
     * @param interfaceName its name
     * @param state what it is now
     */
    default void linkChanged(String interfaceName, LinkState state) {}

    /**
     * Something on this host needs somebody's attention: a system call refused, an address that keeps vanishing.
     *
     * @param instance the instance it concerns
     * @param message one line
     */
    void trouble(String instance, String message);
}
