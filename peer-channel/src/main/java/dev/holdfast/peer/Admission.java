package dev.holdfast.peer;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is connected. Those who have not proven themselves have places of their own, so that strangers, however many, take
 * none from peers that are connected.
 */
final class Admission {
    private final PeerLimits limits;
    private final Map<InetAddress, Integer> byAddress = new HashMap<>();
    private int strangers;
    private int peers;

    Admission(PeerLimits limits) {
        this.limits = limits;
    }

    /** {@return a stranger's place, null if there is none left} */
    synchronized @Nullable Place enter(InetAddress address) {
        int fromThere = byAddress.getOrDefault(address, 0);
        if (strangers >= limits.handshakes() || fromThere >= limits.connectionsPerAddress()) {
            return null;
        }
        strangers++;
        byAddress.put(address, fromThere + 1);
        return new Place(address);
    }

    /** {@return how many there are} */
    synchronized int connections() {
        return strangers + peers;
    }

    /** A connection that counts until it is closed. */
    final class Place implements AutoCloseable {
        private final InetAddress address;
        private boolean proven;

        private Place(InetAddress address) {
            this.address = address;
        }

        /** {@return whether there is a peer's place for it, which it then has} */
        boolean prove() {
            synchronized (Admission.this) {
                if (peers >= limits.connections()) {
                    return false;
                }
                strangers--;
                peers++;
                proven = true;
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (Admission.this) {
                if (proven) {
                    peers--;
                } else {
                    strangers--;
                }
                byAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
