package dev.holdfast.vrrp.engine.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameBudgetTest {
    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @ValueSource(ints = {10, 37, 1000, 100_000})
    void noSecondSeesMoreThanTheLimitAndHalfMayGoAtOnce(int limit) {
        FrameBudget budget = new FrameBudget(limit);
        Random random = new Random(limit);
        ArrayDeque<Long> lastSecond = new ArrayDeque<>();
        long now = 5 * SECOND;
        int atOnce = 0;
        int sent = 0;
        while (now < 15 * SECOND) {
            if (budget.readyNanos() <= now) {
                int frames = 1 + random.nextInt(2);
                budget.spend(now, frames);
                for (int i = 0; i < frames; i++) {
                    lastSecond.add(now);
                }
                sent += frames;
                atOnce += now == 5 * SECOND ? frames : 0;
            } else {
                now = Math.max(now + 1, budget.readyNanos()) + random.nextInt(3) * SECOND / 50;
            }
            while (!lastSecond.isEmpty() && lastSecond.getFirst() <= now - SECOND) {
                lastSecond.remove();
            }
            assertThat(lastSecond.size()).isLessThanOrEqualTo(limit);
        }
        assertThat(atOnce).isBetween(limit / 2 - 1, limit / 2);
        // Nothing is kept back for good: half of the limit in each of the ten seconds, and the half that goes at once.
        assertThat(sent).isGreaterThan(limit * 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 9, 100_001})
    void otherLimitsAreRefused(int limit) {
        assertThatThrownBy(() -> new FrameBudget(limit)).hasMessageContaining("10..100000");
    }
}
