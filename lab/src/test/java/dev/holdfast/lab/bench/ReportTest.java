package dev.holdfast.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    /** Never measured: its readings are given. */
    private record GivenFigure() implements Figure {
        @Override
        public String key() {
            return "given";
        }

        @Override
        public String title() {
            return "a figure whose title is longer than all its columns, and that must not widen them";
        }

        @Override
        public List<Metric> metrics() {
            return List.of(
                    new Metric("p50", "p50", "ms", new Goal.ShareOfTheirs(1)),
                    new Metric("gone", "gone after", "s", new Goal.AtMost(4.5)),
                    new Metric("wrong", "wrong take-overs", "", new Goal.AtMost(0)));
        }

        @Override
        public Map<String, Reading> measure(Contender contender, Plan plan) {
            throw new UnsupportedOperationException("given");
        }
    }

    private static final Report REPORT = new Report(
            Suite.VRRP,
            true,
            new Machine(Instant.parse("2026-11-20T23:00:00Z"), "6.18.1", 2, 0.25),
            1.5,
            Map.of(Contender.HOLDFAST, "0.1.0", Contender.KEEPALIVED, "2.2.7"),
            List.of(new Result(
                    new GivenFigure(),
                    Map.of(
                            Contender.HOLDFAST,
                            Map.of(
                                    "p50", Reading.of(0.5, List.of(0.4, 0.5)),
                                    "gone", Reading.of(4.016),
                                    "wrong", Reading.of(1)),
                            Contender.KEEPALIVED,
                            Map.of(
                                    "p50", Reading.of(1.25),
                                    "gone", Reading.never("still there after 12 s"),
                                    "wrong", Reading.of(0))))));

    @Test
    void theTableHasBothTheRatioTheGoalAndHowItCameOut() {
        assertThat(Table.of(REPORT)).isEqualTo("""
                holdfast 0.1.0 and keepalived 2.2.7, 2026-11-20T23:00:00Z, kernel 6.18.1, 2 cores, load 0.25 before and 1.50 after (quick: a first impression)

                                    holdfast  keepalived  ratio  goal
                a figure whose title is longer than all its columns, and that must not widen them
                  p50, ms              0.500        1.25  0.400  not above keepalived's  met
                  gone after, s         4.02       never      -  at most 4.50            met
                  wrong take-overs         1           0      -  0                       missed

                given, gone after, keepalived: still there after 12 s
                """);
    }

    @Test
    void theJsonHasTheSameAndTheSamples() throws Exception {
        JsonNode json = new ObjectMapper().readTree(REPORT.json());

        assertThat(json.path("quick").asBoolean()).isTrue();
        assertThat(json.path("date").asText()).isEqualTo("2026-11-20T23:00:00Z");
        assertThat(json.at("/machine/kernel").asText()).isEqualTo("6.18.1");
        assertThat(json.at("/machine/cores").asInt()).isEqualTo(2);
        assertThat(json.at("/machine/load_before").asDouble()).isEqualTo(0.25);
        assertThat(json.at("/machine/load_after").asDouble()).isEqualTo(1.5);
        assertThat(json.at("/versions/holdfast").asText()).isEqualTo("0.1.0");
        assertThat(json.at("/versions/keepalived").asText()).isEqualTo("2.2.7");
        JsonNode metrics = json.at("/figures/0/metrics");
        assertThat(metrics.at("/0/holdfast/value").asDouble()).isEqualTo(0.5);
        assertThat(metrics.at("/0/holdfast/samples")).hasSize(2);
        assertThat(metrics.at("/0/ratio").asDouble()).isEqualTo(0.4);
        assertThat(metrics.at("/0/verdict").asText()).isEqualTo("met");
        assertThat(metrics.at("/1/keepalived/value").isNull()).isTrue();
        assertThat(metrics.at("/1/keepalived/note").asText()).isEqualTo("still there after 12 s");
        assertThat(metrics.at("/1/ratio").isNull()).isTrue();
        assertThat(metrics.at("/2/goal").asText()).isEqualTo("0");
        assertThat(metrics.at("/2/verdict").asText()).isEqualTo("missed");
    }
}
