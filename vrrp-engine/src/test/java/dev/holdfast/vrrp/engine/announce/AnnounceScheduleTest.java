package dev.holdfast.vrrp.engine.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.announce.AnnounceSchedule.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnounceScheduleTest {
    private static final long MILLI = 1_000_000;
    private static final long START = 7_000 * MILLI;

    private static AnnounceSchedule schedule(int refreshSeconds) {
        return schedule(5, 5, 100, 2, 1, refreshSeconds, 1);
    }

    private static AnnounceSchedule schedule(
            int repeat,
            int delaySeconds,
            int spacingMillis,
            int lowerRepeat,
            int lowerDelaySeconds,
            int refreshSeconds,
            int refreshRepeat) {
        return new AnnounceSchedule(new Announcements(
                repeat,
                Duration.ofSeconds(delaySeconds),
                Duration.ofMillis(spacingMillis),
                lowerRepeat,
                Duration.ofSeconds(lowerDelaySeconds),
                Duration.ofSeconds(refreshSeconds),
                refreshRepeat,
                Duration.ZERO,
                Duration.ZERO));
    }

    private static Due takeAt(AnnounceSchedule schedule, long milli) {
        return schedule.take(START + milli * MILLI);
    }

    /** When it says what, in milliseconds from the start, up to a number. */
    private static List<String> walk(AnnounceSchedule schedule, int most) {
        List<String> said = new ArrayList<>();
        while (schedule.deadlineNanos() != Long.MAX_VALUE && said.size() < most) {
            long due = schedule.deadlineNanos();
            if (said.isEmpty() || due > START) {
                assertThat(schedule.take(due - 1)).isEqualTo(Due.NOTHING);
            }
            said.add((due - START) / MILLI + " " + schedule.take(due));
        }
        return said;
    }

    @Test
    void aBurstStartsAtOnceAndAnotherComesAfterTheDelay() {
        AnnounceSchedule schedule = schedule(0);
        schedule.start(START);
        assertThat(walk(schedule, 20))
                .containsExactly(
                        "0 NEWS",
                        "100 REPETITION",
                        "200 REPETITION",
                        "300 REPETITION",
                        "400 REPETITION",
                        "5000 REPETITION",
                        "5100 REPETITION",
                        "5200 REPETITION",
                        "5300 REPETITION",
                        "5400 REPETITION");
    }

    @Test
    void aRefreshComesThatLongAfterTheLastWordAgainAndAgain() {
        AnnounceSchedule schedule = schedule(1, 5, 100, 2, 1, 30, 2);
        schedule.start(START);
        assertThat(walk(schedule, 6))
                .containsExactly(
                        "0 NEWS",
                        "5000 REPETITION",
                        "35000 REFRESH",
                        "35100 REFRESH",
                        "65100 REFRESH",
                        "65200 REFRESH");
    }

    @Test
    void aRefreshThatIsDueBeforeTheSecondBurstDoesNotReplaceIt() {
        AnnounceSchedule schedule = schedule(1, 5, 100, 2, 1, 2, 1);
        schedule.start(START);
        assertThat(walk(schedule, 5))
                .containsExactly("0 NEWS", "2000 REFRESH", "4000 REFRESH", "5000 REPETITION", "7000 REFRESH");
    }

    @Test
    void withoutADelayThereIsNoSecondBurst() {
        AnnounceSchedule schedule = schedule(1, 0, 100, 2, 1, 0, 1);
        schedule.start(START);
        assertThat(walk(schedule, 20)).containsExactly("0 NEWS");
    }

    @Test
    void withoutSpacingABurstIsDueInOneHeap() {
        AnnounceSchedule schedule = schedule(3, 0, 0, 2, 1, 0, 1);
        schedule.start(START);
        assertThat(takeAt(schedule, 0)).isEqualTo(Due.NEWS);
        assertThat(takeAt(schedule, 0)).isEqualTo(Due.REPETITION);
        assertThat(takeAt(schedule, 0)).isEqualTo(Due.REPETITION);
        assertThat(takeAt(schedule, 1)).isEqualTo(Due.NOTHING);
    }

    @Test
    void nothingIsDueBeforeTheStartAndAfterACancel() {
        AnnounceSchedule schedule = schedule(30);
        assertThat(takeAt(schedule, 0)).isEqualTo(Due.NOTHING);
        schedule.start(START);
        assertThat(takeAt(schedule, 0)).isEqualTo(Due.NEWS);
        schedule.cancel();
        assertThat(takeAt(schedule, 1_000_000)).isEqualTo(Due.NOTHING);
        assertThat(schedule.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aStartInTheMiddleStartsOver() {
        AnnounceSchedule schedule = schedule(0);
        schedule.start(START - 250 * MILLI);
        schedule.take(START - 250 * MILLI);
        schedule.start(START);
        assertThat(walk(schedule, 20)).hasSize(10).startsWith("0 NEWS", "100 REPETITION");
    }

    @Test
    void aLateLoopSendsOneForTheMissedOnesAndStillTheSecondBurst() {
        AnnounceSchedule schedule = schedule(30);
        schedule.start(START);
        assertThat(takeAt(schedule, 1_000)).isEqualTo(Due.NEWS);
        assertThat(schedule.deadlineNanos()).isEqualTo(START + 5_000 * MILLI);
    }

    @Test
    void aRivalIsContradictedByItsOwnRepeatAndDelay() {
        AnnounceSchedule schedule = schedule(1, 0, 100, 2, 1, 0, 1);
        schedule.start(START - 10_000 * MILLI);
        schedule.take(START - 10_000 * MILLI);
        schedule.again(START);
        assertThat(walk(schedule, 20))
                .containsExactly("0 NEWS", "100 REPETITION", "1000 REPETITION", "1100 REPETITION");
    }

    @Test
    void theFirstWordAboutTheAddressesIsAStartWhoeverAsksForIt() {
        AnnounceSchedule schedule = schedule(3, 0, 100, 0, 0, 0, 1);
        schedule.again(START);
        assertThat(walk(schedule, 20)).hasSize(3);
        schedule.again(START + 5_000 * MILLI);
        assertThat(schedule.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aRivalAtAHundredAdvertsASecondIsContradictedByTheSpacing() {
        AnnounceSchedule schedule = schedule(0);
        schedule.start(START);
        int said = 0;
        for (int milli = 0; milli < 1_000; milli += 10) {
            said += takeAt(schedule, milli) == Due.NOTHING ? 0 : 1;
            schedule.again(START + milli * MILLI);
        }
        assertThat(said).isEqualTo(10);
    }

    @Test
    void aRivalDoesNotShortenTheBurstOfATakeOver() {
        AnnounceSchedule schedule = schedule(5, 5, 100, 1, 0, 0, 1);
        schedule.start(START);
        takeAt(schedule, 0);
        schedule.again(START + 10 * MILLI);
        assertThat(walk(schedule, 20)).hasSize(4 + 5).startsWith("100 NEWS").contains("5400 REPETITION");
    }
}
