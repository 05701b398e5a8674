package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One instance at one moment, for status and metrics.
 *
 * @param spec its configuration
 * @param state its state
 * @param since when it entered that state (wall clock)
 * @param reason why it did
 * @param effectivePriority 1..255, what adverts carry
 * @param masterAddress who was last heard as MASTER, this host's own address while MASTER
 * @param masterPriority the priority last heard from the MASTER, 0..255
 * @param heldAddresses the virtual addresses that are on the interface now
 * @param faults what keeps it in FAULT, in words; empty in the other states
 * @param advertsSent since the instance was made
 * @param advertsReceived accepted ones
 * @param resignationsSent those of them with priority 0
 * @param resignationsReceived those of them with priority 0
 * @param rejected refused datagrams by reason; reasons never seen may be absent
 * @param conflicts who else holds its addresses now, while it is MASTER
 * @param conflictsFound how many such conflicts there were so far
 * @param transitions how often each state was entered
 */
public record InstanceStatus(
        InstanceSpec spec,
        VrrpState state,
        Instant since,
        TransitionReason reason,
        int effectivePriority,
        Optional<IpAddress> masterAddress,
        int masterPriority,
        List<VipAddress> heldAddresses,
        List<String> faults,
        long advertsSent,
        long advertsReceived,
        long resignationsSent,
        long resignationsReceived,
        Map<RejectReason, Long> rejected,
        List<VipConflict> conflicts,
        long conflictsFound,
        Map<VrrpState, Long> transitions) {
    public InstanceStatus {
        heldAddresses = List.copyOf(heldAddresses);
        faults = List.copyOf(faults);
        rejected = Map.copyOf(rejected);
        conflicts = List.copyOf(conflicts);
        transitions = Map.copyOf(transitions);
    }
}
