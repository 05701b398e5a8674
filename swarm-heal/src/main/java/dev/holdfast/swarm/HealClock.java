package dev.holdfast.swarm;

import java.time.Duration;
import java.time.Instant;

/** Time for the healer: monotonic for every decision, the wall clock only for what people read and what outlives the process. */
public interface HealClock {

    /** {@return nanoseconds on a monotonic clock with an arbitrary origin; {@link System#nanoTime()} in production} */
    long nanos();

    /** {@return the wall clock} */
    Instant now();

    /** Waits. Used only while a force call is being verified. */
    void sleep(long nanos) throws InterruptedException;

    /** {@return the real clock} */
    static HealClock system() {
        return new HealClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void sleep(long nanos) throws InterruptedException {
                Thread.sleep(Duration.ofNanos(nanos));
            }
        };
    }
}
