package dev.holdfast.lab.bench;

import dev.holdfast.lab.bench.SilentCut.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How long after Master_Down a BACKUP takes over.
 *
 * @param intervalMillis the advertisement interval, of version 3
 * @param fresh whether each take-over is the first one of newly started processes, when nothing has run warm
 */
record TakeOver(int intervalMillis, boolean fresh) implements Figure {
    private static final double LIMIT_MILLIS = 2;

    /** Six adverts of 100 ms, so that the faster ones get the same. */
    private static final Duration STARTED = Duration.ofMillis(600);

    @Override
    public String key() {
        return (fresh ? "first-take-over-" : "take-over-") + intervalMillis + "ms";
    }

    @Override
    public String title() {
        return "%s beyond Master_Down, v3, %d ms adverts"
                .formatted(fresh ? "the first take-over after a start," : "take-over", intervalMillis);
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        for (String event : List.of("advert", "arp")) {
            String label = event.equals("arp") ? "first ARP, " : "first advert, ";
            Goal notAbove = new Goal.ShareOfTheirs(1);
            metrics.add(new Metric(event + "-p50", label + "p50", "ms", notAbove));
            metrics.add(new Metric(
                    event + "-p99",
                    label + "p99",
                    "ms",
                    new Goal.All(List.of(notAbove, new Goal.Under(LIMIT_MILLIS)))));
            metrics.add(new Metric(event + "-max", label + "max", "ms", new Goal.Information()));
        }
        return metrics;
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        List<Trial> trials = new ArrayList<>();
        if (fresh) {
            for (int i = 0; i < plan.freshTrials(); i++) {
                trials.addAll(trials(contender, 1));
            }
        } else {
            trials.addAll(trials(contender, plan.trials()));
        }
        long early = trials.stream().filter(Trial::tooEarly).count();
        List<Trial> valid = trials.stream().filter(trial -> !trial.tooEarly()).toList();
        String note = early == 0 ? "" : early + " of " + trials.size() + " came before Master_Down, not counted";
        Map<String, Reading> readings = new HashMap<>();
        readings.putAll(readings("advert", valid, Trial::advertMillis, note));
        readings.putAll(readings("arp", valid, Trial::arpMillis, note));
        return readings;
    }

    private List<Trial> trials(Contender contender, int count) {
        RouterConfig config = RouterConfig.one(3, intervalMillis, Pair.LOW);
        try (Pair pair = new Pair(contender, config)) {
            SilentCut cut = new SilentCut(pair, intervalMillis);
            pair.launchHigh();
            pair.launchLow();
            pair.awaitSettled();
            if (fresh) {
                // With fast adverts the MASTER would be lost while its successor starts. What a start takes is
                // another figure.
                pair.awaitListening();
                Pair.pass(STARTED);
            }
            List<Trial> trials = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                trials.add(cut.run());
            }
            return trials;
        }
    }

    private static Map<String, Reading> readings(
            String event, List<Trial> trials, Function<Trial, Double> part, String note) {
        List<Double> samples = trials.stream().map(part).toList();
        if (samples.isEmpty()) {
            Reading none = Reading.none(note);
            return Map.of(event + "-p50", none, event + "-p99", none, event + "-max", none);
        }
        return Map.of(
                event + "-p50",
                Reading.of(Percentiles.of(samples, 50), samples).noting(note),
                event + "-p99",
                Reading.of(Percentiles.of(samples, 99)),
                event + "-max",
                Reading.of(Percentiles.of(samples, 100)));
    }
}
