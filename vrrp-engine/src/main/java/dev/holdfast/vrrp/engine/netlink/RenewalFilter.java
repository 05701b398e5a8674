package dev.holdfast.vrrp.engine.netlink;

/**
 * A classic BPF program for the socket of {@link RouteEvents}: it drops what the kernel tells of renewed lifetimes, so that
 * hundreds of addresses don't wake the event loop for what it has done itself. For little-endian machines, as all supported
 * ones are: netlink is in the machine's byte order, and the program loads in network order. Events of IPv6 addresses name
 * nobody who caused them, and pass.
 */
final class RenewalFilter {
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    /** Of struct nlmsghdr, netlink(7). */
    private static final int TYPE_OFFSET = 4;

    private static final int PORT_OFFSET = 12;
    private static final short RTM_NEWADDR = 20;
    private static final int ALL_BYTES = 0x40000;

    private RenewalFilter() {}

    /** @param port the netlink port of the socket that renews and does nothing else */
    static long[] program(int port) {
        int newAddress = Short.reverseBytes(RTM_NEWADDR) & 0xFFFF;
        return new long[] {
            instruction(LOAD_HALF, 0, 0, TYPE_OFFSET),
            instruction(JUMP_IF_EQUAL, 0, 3, newAddress),
            instruction(LOAD_WORD, 0, 0, PORT_OFFSET),
            instruction(JUMP_IF_EQUAL, 0, 1, Integer.reverseBytes(port)),
            instruction(RETURN, 0, 0, 0),
            instruction(RETURN, 0, 0, ALL_BYTES)
        };
    }

    /** Little-endian struct sock_filter as one long. */
    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (operand & 0xFFFF_FFFFL) << 32;
    }
}
