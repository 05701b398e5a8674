package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.HealClock;
import java.time.Duration;
import java.time.Instant;

/** Time that moves only when told. */
final class TestClock implements HealClock {

    /** Near the end of the range, so that every test crosses the overflow sooner or later. */
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

    private Instant wall = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return wall;
    }

    @Override
    public void sleep(long howLong) {
        advance(Duration.ofNanos(howLong));
    }

    void advance(Duration by) {
        nanos += by.toNanos();
        wall = wall.plus(by);
    }
}
