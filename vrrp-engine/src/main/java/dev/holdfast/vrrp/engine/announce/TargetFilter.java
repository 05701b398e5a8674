package dev.holdfast.vrrp.engine.announce;

import dev.holdfast.vrrp.engine.ffi.Bpf;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.List;

/**
 * The classic BPF program that lets neighbour advertisements pass whose target is one of some IPv6 addresses, and which no
 * router has forwarded (RFC 4861 section 7.1.2). It sees a packet from its ICMPv6 header on.
 */
final class TargetFilter {
    private static final int TARGET_OFFSET = 8;
    private static final int HOP_LIMIT_OFFSET = 7;
    private static final int WORDS = 4;
    private static final int PER_ADDRESS = 2 * WORDS + 1;
    private static final int AROUND = 4;
    private static final int MAX_ADDRESSES = (Bpf.MAX_INSTRUCTIONS - AROUND) / PER_ADDRESS;

    private TargetFilter() {}

    /** More addresses than a program can hold let every packet pass: who reads them compares anyway. */
    static long[] program(List<IpAddress> targets) {
        if (targets.size() > MAX_ADDRESSES) {
            return new long[] {Bpf.PASS};
        }
        long[] program = new long[PER_ADDRESS * targets.size() + AROUND];
        int at = 0;
        program[at++] = Bpf.load(Bpf.LOAD_BYTE, Bpf.NETWORK_HEADER + HOP_LIMIT_OFFSET);
        program[at++] = Bpf.instruction(Bpf.JUMP_IF_EQUAL, 1, 0, AdvertisementCodec.HOP_LIMIT);
        program[at++] = Bpf.DROP;
        for (IpAddress target : targets) {
            int[] words = {
                (int) (target.high() >>> 32), (int) target.high(), (int) (target.low() >>> 32), (int) target.low()
            };
            for (int i = 0; i < WORDS; i++) {
                // The first word that differs leads to the next address.
                int rest = 2 * (WORDS - 1 - i) + 1;
                program[at++] = Bpf.load(Bpf.LOAD_WORD, TARGET_OFFSET + Integer.BYTES * i);
                program[at++] = Bpf.instruction(Bpf.JUMP_IF_EQUAL, 0, rest, words[i]);
            }
            program[at++] = Bpf.PASS;
        }
        program[at] = Bpf.DROP;
        return program;
    }
}
