package dev.holdfast.agent.doctor;

import dev.holdfast.agent.doctor.PacketFilter.Answer;
import dev.holdfast.vrrp.engine.VipAddress;
import java.util.Collection;

/** Arithmetic of networks. */
final class Nets {
    private Nets() {}

    /**
     * Whether an address is in the network that a rule names.
     *
     * @param possible the networks that the address may be of; empty if nothing is known of it
     */
    static Answer within(VipAddress network, Collection<VipAddress> possible) {
        boolean all = !possible.isEmpty();
        boolean some = possible.isEmpty();
        for (VipAddress each : possible) {
            all &= network.prefixLength() <= each.prefixLength() && network.networkContains(each.address());
            some |= network.networkContains(each.address()) || each.networkContains(network.address());
        }
        return all ? Answer.YES : some ? Answer.MAYBE : Answer.NO;
    }
}
