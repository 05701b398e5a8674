package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import java.util.Set;

/**
 * An advertisement of another router.
 *
 * @param source who sent it
 * @param virtualRouterId 1..255
 * @param priority 0..255
 * @param addresses the virtual addresses it names
 */
public record Overheard(IpAddress source, int virtualRouterId, int priority, Set<IpAddress> addresses) {
    /** Copies the set. */
    public Overheard {
        addresses = Set.copyOf(addresses);
    }
}
