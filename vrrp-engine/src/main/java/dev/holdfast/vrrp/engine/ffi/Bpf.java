package dev.holdfast.vrrp.engine.ffi;

/** Instructions of classic BPF (linux/filter.h); each is a long: code (16 bits), jump if true (8), if false (8), operand (32). */
public final class Bpf {
    public static final int LOAD_WORD = 0x20;
    public static final int LOAD_HALF = 0x28;
    public static final int LOAD_BYTE = 0x30;
    public static final int JUMP_IF_EQUAL = 0x15;

    /** The kernel takes no longer program (BPF_MAXINSNS). */
    public static final int MAX_INSTRUCTIONS = 4096;

    /** Added to an offset it counts from the IP header on (SKF_NET_OFF). */
    public static final int NETWORK_HEADER = -0x100000;

    private static final int RETURN = 0x06;
    private static final int ALL_BYTES = 0x40000;

    /** Ends the program: the whole packet is taken. */
    public static final long PASS = instruction(RETURN, 0, 0, ALL_BYTES);
    /** Ends the program: the packet is dropped. */
    public static final long DROP = instruction(RETURN, 0, 0, 0);

    private Bpf() {}

    /** Little-endian struct sock_filter as one long. */
    public static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (operand & 0xFFFF_FFFFL) << 32;
    }

    /** A load from an offset of the packet, in network byte order. */
    public static long load(int code, int offset) {
        return instruction(code, 0, 0, offset);
    }
}
