package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.wire.RejectReason;
import org.junit.jupiter.api.Test;

class RejectionsTest {
    @Test
    void countsEachAndTellsOfTheFirstAndThenNowAndAgain() {
        Rejections rejections = new Rejections();
        int told = 0;
        for (int i = 0; i < 1000; i++) {
            told += rejections.count(RejectReason.CHECKSUM, i) ? 1 : 0;
        }
        assertThat(told).isEqualTo(1);
        assertThat(rejections.count(RejectReason.TTL, 1000)).isTrue();
        assertThat(rejections.count(RejectReason.CHECKSUM, Rejections.QUIET_NANOS))
                .isTrue();
        assertThat(rejections.counts())
                .containsEntry(RejectReason.CHECKSUM, 1001L)
                .containsEntry(RejectReason.TTL, 1L)
                .hasSize(2);
    }
}
