package dev.holdfast.vrrp.wire;

/**
 * What a router does about trailers. A group that is not signed yet gets there without a gap by setting all of its routers to
 * one mode after the other, in this order.
 */
public enum HmacMode {
    /** Verifies trailers that come, sends none, accepts adverts without one. */
    RECEIVE_ONLY,
    /** Sends trailers, verifies those that come, accepts adverts without one. */
    PERMISSIVE,
    /** Sends trailers and accepts no advert without one. */
    ENFORCE
}
