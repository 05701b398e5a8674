package dev.holdfast.peer;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address at which a peer is expected.
 *
 * @param address where
 * @param name who answered there last; null before anybody did
 * @param connected whether that peer can be asked now, at this address or at another of its own
 * @param refusal why not; null if connected, and before the first attempt
 * @param detail the reason in more words, empty if none
 */
public record PeerState(
        InetSocketAddress address,
        @Nullable String name,
        boolean connected,
        @Nullable PeerRefusal refusal,
        String detail) {}
