package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentilesTest {
    @ParameterizedTest
    @CsvSource({
        "100, 50, 50",
        "100, 99, 99",
        "100, 100, 100",
        "15, 50, 8",
        "15, 99, 15",
        "10, 50, 5",
        "1, 50, 1",
        "2, 50, 1"
    })
    void isTheSampleOfTheNearestRank(int count, double percent, double expected) {
        List<Double> downwards = IntStream.rangeClosed(1, count)
                .mapToObj(i -> (double) (count + 1 - i))
                .toList();
        assertThat(Percentiles.of(downwards, percent)).isEqualTo(expected);
    }

    @Test
    void thereIsNoneOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Percentiles.of(List.of(), 50));
        assertThatIllegalArgumentException().isThrownBy(() -> Percentiles.of(List.of(1.0), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Percentiles.of(List.of(1.0), 100.1));
    }
}
