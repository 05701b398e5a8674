package dev.holdfast.lab.bench;

import dev.holdfast.lab.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long a MASTER that was killed goes on holding the virtual address, which the other host has taken long since. */
record AfterKill() implements Figure {
    private static final Duration WATCHED = Duration.ofSeconds(12);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /** The shortest whole second not under Master_Down is 4 s; the kernel looks at lifetimes up to half a second late. */
    private static final double LIMIT_SECONDS = 4.5;

    @Override
    public String key() {
        return "after-kill";
    }

    @Override
    public String title() {
        return "the virtual address after SIGKILL of the MASTER, v2, 1 s adverts";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(new Metric("gone", "gone from the dead host after, max", "s", new Goal.AtMost(LIMIT_SECONDS)));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < plan.kills(); i++) {
            Optional<Double> gone = kill(contender);
            if (gone.isEmpty()) {
                return Map.of("gone", Reading.never("still there after " + WATCHED.toSeconds() + " s"));
            }
            seconds.add(gone.get());
        }
        return Map.of("gone", Reading.of(Percentiles.of(seconds, 100), seconds));
    }

    /** When the address went, in seconds after the kill. */
    private static Optional<Double> kill(Contender contender) {
        try (Pair pair = new Pair(contender, RouterConfig.one(2, 1000, Pair.LOW))) {
            Host dead = pair.high();
            Running master = pair.launchHigh();
            pair.launchLow();
            pair.awaitSettled();
            // Not a moment after it became MASTER, when a lifetime has just begun.
            Pair.pass(Duration.ofSeconds(2));
            // The whole group: the death of its parent alone would have keepalived clean up.
            master.process().kill();
            long killed = System.nanoTime();
            while (System.nanoTime() - killed < WATCHED.toNanos()) {
                if (!dead.holds(RouterConfig.VIP)) {
                    return Optional.of((System.nanoTime() - killed) / 1e9);
                }
                Pair.pass(BETWEEN_LOOKS);
            }
            return Optional.empty();
        }
    }
}
