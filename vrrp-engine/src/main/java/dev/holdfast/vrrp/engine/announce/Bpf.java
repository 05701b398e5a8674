package dev.holdfast.vrrp.engine.announce;

/** Instructions of classic BPF (linux/filter.h); each is a long: code (16 bits), jump if true (8), if false (8), operand (32). */
final class Bpf {
    static final int LOAD_WORD = 0x20;
    static final int LOAD_BYTE = 0x30;
    static final int JUMP_IF_EQUAL = 0x15;

    /** The kernel takes no longer program (BPF_MAXINSNS). */
    static final int MAX_INSTRUCTIONS = 4096;

    /** Added to an offset it counts from the IP header on (SKF_NET_OFF). */
    static final int NETWORK_HEADER = -0x100000;

    private static final int RETURN = 0x06;
    private static final int ALL_BYTES = 0x40000;

    static final long PASS = instruction(RETURN, 0, 0, ALL_BYTES);
    static final long DROP = instruction(RETURN, 0, 0, 0);

    private Bpf() {}

    /** Little-endian struct sock_filter as one long. */
    static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) operand << 32;
    }

    static long load(int code, int offset) {
        return instruction(code, 0, 0, offset);
    }
}
