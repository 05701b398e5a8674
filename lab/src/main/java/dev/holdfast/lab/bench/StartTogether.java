package dev.holdfast.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * 255 virtual routers on two hosts that are started at the same moment: the lower priority must never become MASTER.
 *
 * @param intervalMillis the advertisement interval, of version 3
 */
record StartTogether(int intervalMillis) implements Figure {
    private static final int INSTANCES = 255;
    /** Looking at 255 addresses costs; not before they can be there. */
    private static final Duration BEFORE_LOOKING = Duration.ofSeconds(4);

    private static final Duration AFTER_SETTLING = Duration.ofSeconds(5);

    @Override
    public String key() {
        return "start-together-" + intervalMillis + "ms";
    }

    @Override
    public String title() {
        return "255 instances started together, v3, " + intervalMillis + " ms adverts";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(new Metric("taken", "wrong take-overs", "", new Goal.AtMost(0)));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        RouterConfig config = RouterConfig.one(3, intervalMillis, Pair.LOW).times(INSTANCES);
        try (Pair pair = new Pair(contender, config)) {
            pair.launchHigh();
            Running low = pair.launchLow();
            Pair.pass(BEFORE_LOOKING);
            pair.awaitSettled();
            Pair.pass(AFTER_SETTLING);
            return Map.of("taken", Reading.of(low.timesEntered("MASTER")));
        }
    }
}
