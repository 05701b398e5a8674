package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.engine.ffi.Bpf;

/**
 * A classic BPF program for the socket of {@link RouteEvents}: it drops what the kernel tells of renewed lifetimes, so that
 * hundreds of addresses don't wake the event loop for what it has done itself. For little-endian machines, as all supported
 * ones are: netlink is in the machine's byte order, and the program loads in network order. Events of IPv6 addresses name
 * nobody who caused them, and pass.
 */
final class RenewalFilter {
    /** Of struct nlmsghdr, netlink(7). */
    private static final int TYPE_OFFSET = 4;

    private static final int PORT_OFFSET = 12;
    private static final short RTM_NEWADDR = 20;

    private RenewalFilter() {}

    /** @param port the netlink port of the socket that renews and does nothing else */
    static long[] program(int port) {
        int newAddress = Short.reverseBytes(RTM_NEWADDR) & 0xFFFF;
        return new long[] {
            Bpf.load(Bpf.LOAD_HALF, TYPE_OFFSET),
            Bpf.instruction(Bpf.JUMP_IF_EQUAL, 0, 3, newAddress),
            Bpf.load(Bpf.LOAD_WORD, PORT_OFFSET),
            Bpf.instruction(Bpf.JUMP_IF_EQUAL, 0, 1, Integer.reverseBytes(port)),
            Bpf.DROP,
            Bpf.PASS
        };
    }
}
