package dev.holdfast.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void theNewestComesFirst() {
        timeline.add(Timeline.Kind.INSTANCE, "VI_1", "BACKUP", "started", "");
        timeline.add(Timeline.Kind.INSTANCE, "VI_1", "MASTER", "no advertisement", "of 10.0.0.61");

        assertThat(timeline.latest())
                .containsExactly(
                        new Timeline.Entry(
                                Instant.EPOCH,
                                Timeline.Kind.INSTANCE,
                                "VI_1",
                                "MASTER",
                                "no advertisement",
                                "of 10.0.0.61"),
                        new Timeline.Entry(Instant.EPOCH, Timeline.Kind.INSTANCE, "VI_1", "BACKUP", "started", ""));
    }

    @Test
    void theOldestGiveWay() {
        for (int i = 0; i < Timeline.CAPACITY + 5; i++) {
            timeline.add(Timeline.Kind.SWARM, "", Integer.toString(i), "", "");
        }

        assertThat(timeline.latest())
                .hasSize(Timeline.CAPACITY)
                .first()
                .extracting(Timeline.Entry::what)
                .isEqualTo(Integer.toString(Timeline.CAPACITY + 4));
        assertThat(timeline.latest().getLast().what()).isEqualTo("5");
    }
}
