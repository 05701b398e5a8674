package dev.holdfast.vrrp.engine.announce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SenderFilterTest {
    @Test
    void letsTheSendersPassAndNobodyElse() {
        // As tcpdump -dd prints it: { code, jt, jf, k }.
        assertThat(SenderFilter.program(new int[] {0x0A4D0064}))
                .containsExactly(0x0000001C_0000_0020L, 0x0A4D0064_0100_0015L, 0x00040000_0000_0006L, 0x06L);
        assertThat(SenderFilter.program(new int[0])).containsExactly(0x0000001C_0000_0020L, 0x06L);
    }

    @Test
    void aProgramIsNeverLongerThanTheKernelTakes() {
        assertThat(SenderFilter.program(new int[2047])).hasSize(4096);
        assertThat(SenderFilter.program(new int[2048])).containsExactly(0x00040000_0000_0006L);
    }
}
