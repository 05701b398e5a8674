package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That the instruments work; what they show is not judged here. */
@Tag("e2e")
class FiguresTest {
    private static final Plan SHORTEST = new Plan(
            2,
            1,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1,
            1,
            Duration.ofSeconds(1),
            1,
            Duration.ofSeconds(1));

    @ParameterizedTest
    @EnumSource
    void aTakeOverIsNeitherEarlyNorSeconds(Contender contender) {
        Map<String, Reading> readings = new TakeOver(100, false).measure(contender, SHORTEST);

        assertThat(readings.keySet())
                .containsExactlyInAnyOrder("advert-p50", "advert-p99", "advert-max", "arp-p50", "arp-p99", "arp-max");
        assertThat(readings.values())
                .allSatisfy(reading -> assertThat(reading.value().orElseThrow()).isBetween(0.0, 1000.0));
    }

    @ParameterizedTest
    @EnumSource
    void aStartTakesTime(Contender contender) {
        Map<String, Reading> readings = new StartUp().measure(contender, SHORTEST);

        assertThat(readings.get("p50").value().orElseThrow()).isBetween(1.0, 20_000.0);
    }
}
