package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.engine.ffi.Bpf;

/** The classic BPF program that lets ARP frames pass whose sender's IPv4 address is one of some. */
final class SenderFilter {
    private static final int SENDER_OFFSET = 28;
    private static final int MAX_ADDRESSES = (Bpf.MAX_INSTRUCTIONS - 2) / 2;

    private SenderFilter() {}

    /** More addresses than a program can hold let every frame pass: who reads them compares anyway. */
    static long[] program(int[] senders) {
        if (senders.length > MAX_ADDRESSES) {
            return new long[] {Bpf.PASS};
        }
        long[] program = new long[2 * senders.length + 2];
        int at = 0;
        program[at++] = Bpf.load(Bpf.LOAD_WORD, SENDER_OFFSET);
        for (int sender : senders) {
            program[at++] = Bpf.instruction(Bpf.JUMP_IF_EQUAL, 0, 1, sender);
            program[at++] = Bpf.PASS;
        }
        program[at] = Bpf.DROP;
        return program;
    }
}
