package dev.holdfast.vrrp.engine.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.IpAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetFilterTest {
    private static final IpAddress ONE = IpAddress.parse("fd00:77::100");
    private static final IpAddress OTHER = IpAddress.parse("fd00:77:0:1::100");
    private static final long[] BOTH = TargetFilter.program(List.of(ONE, OTHER));

    /** What the kernel makes of an advertisement: the part of classic BPF that the program uses. */
    private static boolean passes(long[] program, int hopLimit, IpAddress target) {
        ByteBuffer packet = ByteBuffer.allocate(32);
        packet.position(8);
        target.writeTo(packet);
        int loaded = 0;
        for (int at = 0; at < program.length; at++) {
            int operand = (int) (program[at] >>> 32);
            switch ((int) program[at] & 0xFFFF) {
                case 0x20 -> loaded = packet.getInt(operand);
                case 0x30 -> {
                    assertThat(operand).isEqualTo(-0x100000 + 7);
                    loaded = hopLimit;
                }
                case 0x15 -> at += (int) (program[at] >>> (loaded == operand ? 16 : 24)) & 0xFF;
                case 0x06 -> {
                    return operand != 0;
                }
                default -> throw new AssertionError("instruction " + Long.toHexString(program[at]));
            }
        }
        throw new AssertionError("it runs off its end");
    }

    @Test
    void letsTheTargetsPassAndNobodyElse() {
        assertThat(passes(BOTH, 255, ONE)).isTrue();
        assertThat(passes(BOTH, 255, OTHER)).isTrue();
        for (String near : List.of("fd00:77::101", "fd00:78::100", "fd00:77:0:2::100", "fd00:77::1:0:100", "fe80::1")) {
            assertThat(passes(BOTH, 255, IpAddress.parse(near))).as(near).isFalse();
        }
        assertThat(passes(TargetFilter.program(List.of()), 255, ONE)).isFalse();
    }

    @Test
    void whatARouterHasForwardedIsNoNeighbours() {
        assertThat(passes(BOTH, 254, ONE)).isFalse();
    }

    @Test
    void aProgramIsNeverLongerThanTheKernelTakes() {
        assertThat(TargetFilter.program(Collections.nCopies(454, ONE))).hasSizeLessThanOrEqualTo(4096);
        assertThat(passes(TargetFilter.program(Collections.nCopies(455, ONE)), 255, OTHER))
                .isTrue();
    }
}
