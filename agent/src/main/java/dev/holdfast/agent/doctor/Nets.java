package dev.holdfast.agent.doctor;

import dev.holdfast.agent.doctor.PacketFilter.Answer;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.Collection;

/** Arithmetic of networks. */
final class Nets {
    private Nets() {}

    /** Whether the network that an address of it and its prefix length stand for contains the address. */
    static boolean contains(VipAddress network, IpAddress address) {
        if (network.address().family() != address.family()) {
            return false;
        }
        byte[] a = network.address().toBytes();
        byte[] b = address.toBytes();
        for (int bit = 0; bit < network.prefixLength(); bit++) {
            int mask = 0x80 >> bit % 8;
            if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether an address is in the network that a rule names.
     *
     * @param possible the networks that the address may be of; empty if nothing is known of it
     */
    static Answer within(VipAddress network, Collection<VipAddress> possible) {
        boolean all = !possible.isEmpty();
        boolean some = possible.isEmpty();
        for (VipAddress each : possible) {
            all &= network.prefixLength() <= each.prefixLength() && contains(network, each.address());
            some |= contains(network, each.address()) || contains(each, network.address());
        }
        return all ? Answer.YES : some ? Answer.MAYBE : Answer.NO;
    }
}
