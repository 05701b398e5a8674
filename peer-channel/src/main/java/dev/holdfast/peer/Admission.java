package dev.holdfast.peer;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is connected. Strangers have places of their own, so that they, however many, take none from peers that are
 * connected, nor from those that are about to.
 */
final class Admission {
    private final PeerLimits limits;
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private final Map<Standing, Integer> byStanding = new EnumMap<>(Standing.class);

    private enum Standing {
        STRANGER,
        /** From an address where a peer is expected, but not proven yet. */
        EXPECTED,
        PROVEN
    }

    Admission(PeerLimits limits) {
        this.limits = limits;
    }

    /**
     * {@return a place for who has not proven itself, null if there is none left}
     *
     * @param expected whether a peer is expected at the address
     */
    synchronized @Nullable Place enter(InetAddress address, boolean expected) {
        int fromThere = byAddress.getOrDefault(address, 0);
        if (fromThere >= limits.connectionsPerAddress()
                || (!expected && count(Standing.STRANGER) >= limits.handshakes())) {
            return null;
        }
        byAddress.put(address, fromThere + 1);
        return new Place(address, expected ? Standing.EXPECTED : Standing.STRANGER);
    }

    /** {@return how many there are} */
    synchronized int connections() {
        return byStanding.values().stream().mapToInt(Integer::intValue).sum();
    }

    private int count(Standing standing) {
        return byStanding.getOrDefault(standing, 0);
    }

    /** A connection that counts until it is closed. */
    final class Place implements AutoCloseable {
        private final InetAddress address;
        private Standing standing;

        private Place(InetAddress address, Standing standing) {
            this.address = address;
            this.standing = standing;
            byStanding.merge(standing, 1, Integer::sum);
        }

        /** {@return whether there is a peer's place for it, which it then has} */
        boolean prove() {
            synchronized (Admission.this) {
                if (count(Standing.PROVEN) >= limits.connections()) {
                    return false;
                }
                byStanding.merge(standing, -1, Integer::sum);
                standing = Standing.PROVEN;
                byStanding.merge(standing, 1, Integer::sum);
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (Admission.this) {
                byStanding.merge(standing, -1, Integer::sum);
                byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
