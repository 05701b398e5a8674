package dev.holdfast.vrrp.engine;

import java.util.List;

/**
 * One of this host's network interfaces, as the kernel has it.
 *
 * @param index its number, 1 or more
 * @param name its name
 * @param up whether it is set up
 * @param carrier whether it has a link
 * @param addresses those on it; virtual ones too
 */
public record NetworkCard(int index, String name, boolean up, boolean carrier, List<VipAddress> addresses) {
    /** Copies the list. */
    public NetworkCard {
        addresses = List.copyOf(addresses);
    }
}
