package dev.holdfast.peer;

import java.util.HashMap;
import java.util.Map;

/** Which connection a peer is asked over: one, whatever number of addresses lead to it. */
final class Names {
    private final Map<String, Claim> claims = new HashMap<>();

    private record Claim(Trust.Proven peer, PeerClient holder) {}

    /** What a connection is to the others. */
    enum Verdict {
        /** The one over which the peer is asked. */
        FIRST,
        /** Leads to a peer that is connected already. */
        ALIAS,
        /** Another agent with the name of a connected one. */
        TAKEN
    }

    synchronized Verdict claim(Trust.Proven peer, PeerClient holder) {
        Claim present = claims.get(peer.name());
        if (present == null || present.holder() == holder) {
            claims.put(peer.name(), new Claim(peer, holder));
            return Verdict.FIRST;
        }
        return present.peer().key().equals(peer.key()) ? Verdict.ALIAS : Verdict.TAKEN;
    }

    synchronized void release(PeerClient holder) {
        claims.values().removeIf(claim -> claim.holder() == holder);
    }

    synchronized boolean isHeld(String name) {
        return claims.containsKey(name);
    }
}
