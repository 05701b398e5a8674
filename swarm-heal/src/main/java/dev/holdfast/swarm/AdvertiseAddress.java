package dev.holdfast.swarm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The address a force would advertise, judged before the call: the engine stops the node first and validates afterwards,
 * so that a bad address leaves a zombie.
 */
public sealed interface AdvertiseAddress {

    /** A local address that stays on this host. */
    record Usable(InetAddress address) implements AdvertiseAddress {}

    /** None; forcing would do harm. */
    record Unusable(HealRefusal reason, String detail) implements AdvertiseAddress {}

    /**
     * Chooses and judges. Pure.
     *
     * @param configured {@code advertise-address}, or null to take what the Swarm knows
     * @param nodeAddress the address the Swarm knows this node by, empty if none
     * @param local this host's addresses, virtual ones included
     * @param vips addresses that move between hosts
     */
    static AdvertiseAddress choose(
            @Nullable InetAddress configured, String nodeAddress, Set<InetAddress> local, Set<InetAddress> vips) {
        InetAddress address = configured != null ? configured : literal(nodeAddress);
        if (address == null) {
            return new Unusable(
                    HealRefusal.ADVERTISE_ADDRESS_UNKNOWN,
                    "set swarm.advertise-address; the Swarm knows this node by "
                            + (nodeAddress.isEmpty() ? "no address" : "'" + nodeAddress + "'"));
        }
        String text = address.getHostAddress();
        if (vips.contains(address)) {
            return new Unusable(HealRefusal.ADVERTISE_ADDRESS_IS_VIP, text);
        }
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || (address instanceof Inet6Address && address.isLinkLocalAddress())) {
            return new Unusable(HealRefusal.ADVERTISE_ADDRESS_UNUSABLE, text);
        }
        if (!local.contains(address)) {
            return new Unusable(HealRefusal.ADVERTISE_ADDRESS_NOT_LOCAL, text);
        }
        return new Usable(address);
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
