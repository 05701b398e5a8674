package dev.holdfast.vrrp.engine.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnounceScheduleTest {
    private static final long MILLI = 1_000_000;
    private static final long START = 7_000 * MILLI;

    private final AnnounceSchedule schedule = new AnnounceSchedule();

    private List<Long> walk() {
        List<Long> millis = new ArrayList<>();
        while (schedule.deadlineNanos() != Long.MAX_VALUE) {
            long due = schedule.deadlineNanos();
            assertThat(schedule.take(due - 1)).isFalse();
            assertThat(schedule.take(due)).isTrue();
            millis.add((due - START) / MILLI);
        }
        return millis;
    }

    @Test
    void aBurstStartsAtOnceAndAnotherComesAfterFiveSeconds() {
        schedule.start(START);
        assertThat(walk()).containsExactly(0L, 100L, 200L, 300L, 400L, 5000L, 5100L, 5200L, 5300L, 5400L);
    }

    @Test
    void nothingIsDueBeforeTheStartAndAfterACancel() {
        assertThat(schedule.take(START)).isFalse();
        schedule.start(START);
        schedule.cancel();
        assertThat(schedule.take(START)).isFalse();
        assertThat(schedule.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aStartInTheMiddleStartsOver() {
        schedule.start(START - 250 * MILLI);
        schedule.take(START - 250 * MILLI);
        schedule.start(START);
        assertThat(walk()).hasSize(2 * AnnounceSchedule.REPEAT).startsWith(0L, 100L);
    }

    @Test
    void aLateLoopSendsOneForTheMissedOnesAndStillTheSecondBurst() {
        schedule.start(START);
        assertThat(schedule.take(START + 1_000 * MILLI)).isTrue();
        assertThat(schedule.deadlineNanos()).isEqualTo(START + 5_000 * MILLI);
    }
}
