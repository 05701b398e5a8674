package dev.holdfast.vrrp.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    @Test
    void whatIsNotNeededIsLeftOut() {
        assertThat(Shrinker.shrink(HUNDRED, list -> list.containsAll(List.of(3, 41, 42, 99))))
                .containsExactly(3, 41, 42, 99);
    }

    @Test
    void aFailureWithoutAnyReasonShrinksToNothing() {
        assertThat(Shrinker.shrink(HUNDRED, _ -> true)).isEmpty();
    }

    @Test
    void whatNeedsAllOfItStaysWhole() {
        assertThat(Shrinker.shrink(HUNDRED, list -> list.size() == 100)).isEqualTo(HUNDRED);
    }

    @Test
    void afterShrinkingNoElementCanBeLeftOutAlone() {
        List<Integer> rest = Shrinker.shrink(
                HUNDRED,
                list -> list.stream().mapToInt(i -> i).sum() % 7 == 3 || (list.contains(50) && list.size() > 5));

        assertThat(rest).hasSizeLessThan(10);
    }
}
