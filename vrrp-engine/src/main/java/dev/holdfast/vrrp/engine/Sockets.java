package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ArpListener;
import dev.holdfast.vrrp.engine.announce.ClaimListener;
import dev.holdfast.vrrp.engine.announce.NeighborListener;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.raw.RawSocket;
import dev.holdfast.vrrp.wire.IpFamily;

/** Opens the sockets that hear what is said on a link. */
interface Sockets {
    /**
     * For advertisements.
     *
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    RawSocket raw(IpFamily family, int ifindex);

    /**
     * For other hosts' claims to addresses.
     *
     * @throws SystemCallException if the kernel refuses; nothing stays open then
     */
    ClaimListener claims(IpFamily family, int ifindex);

    /** Those of this host. */
    static Sockets of(Libc libc) {
        return new Sockets() {
            @Override
            public RawSocket raw(IpFamily family, int ifindex) {
                return RawSocket.open(libc, family, ifindex);
            }

            @Override
            public ClaimListener claims(IpFamily family, int ifindex) {
                return switch (family) {
                    case IPV4 -> new ArpListener(libc, ifindex);
                    case IPV6 -> new NeighborListener(libc, ifindex);
                };
            }
        };
    }
}
