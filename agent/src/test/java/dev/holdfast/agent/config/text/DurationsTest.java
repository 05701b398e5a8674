package dev.holdfast.agent.config.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "0s, PT0S",
        "100ms, PT0.1S",
        "1s, PT1S",
        "0.1s, PT0.1S",
        "0.01s, PT0.01S",
        "1.5ms, PT0.0015S",
        "10m, PT10M",
        "2h, PT2H",
        "1d, PT24H",
        "5 s, PT5S",
        "999999999d, PT23999999976H"
    })
    void aNumberWithItsUnitIsATime(String text, Duration time) {
        assertThat(Durations.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "30", "-1s", "+1s", "1 minute", "1S", "s", ".5s", "1.s", "1e3s", "1s ", "1s2ms", "٣s"})
    void anythingElseIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        Random random = new Random(20260101);
        for (int i = 0; i < 10_000; i++) {
            long micros = random.nextLong(1L << random.nextInt(1, 45));
            Duration time = Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1000);
            assertThat(Durations.parse(Durations.format(time))).isEqualTo(time);
        }
    }
}
