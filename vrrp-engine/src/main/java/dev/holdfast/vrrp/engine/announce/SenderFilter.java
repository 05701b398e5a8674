package dev.holdfast.vrrp.engine.announce;

/**
 * The classic BPF program (linux/filter.h) that lets ARP frames pass whose sender's IPv4 address is one of some. Each
 * instruction is a long: code (16 bits), jump if true (8), jump if false (8), operand (32).
 */
final class SenderFilter {
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int SENDER_OFFSET = 28;
    private static final int ALL_BYTES = 0x40000;

    /** The kernel takes no longer program (BPF_MAXINSNS). */
    private static final int MAX_ADDRESSES = (4096 - 2) / 2;

    private SenderFilter() {}

    /** More addresses than a program can hold let every frame pass: who reads them compares anyway. */
    static long[] program(int[] senders) {
        if (senders.length > MAX_ADDRESSES) {
            return new long[] {instruction(RETURN, 0, 0, ALL_BYTES)};
        }
        long[] program = new long[2 * senders.length + 2];
        int at = 0;
        program[at++] = instruction(LOAD_WORD, 0, 0, SENDER_OFFSET);
        for (int sender : senders) {
            program[at++] = instruction(JUMP_IF_EQUAL, 0, 1, sender);
            program[at++] = instruction(RETURN, 0, 0, ALL_BYTES);
        }
        program[at] = instruction(RETURN, 0, 0, 0);
        return program;
    }

    /** Little-endian struct sock_filter as one long. */
    private static long instruction(int code, int ifTrue, int ifFalse, int operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) operand << 32;
    }
}
