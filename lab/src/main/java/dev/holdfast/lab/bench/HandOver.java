package dev.holdfast.lab.bench;

import dev.holdfast.lab.Await;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many of 1000 questions a second stay unanswered when the MASTER is stopped on purpose. */
record HandOver() implements Figure {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    @Override
    public String key() {
        return "hand-over";
    }

    @Override
    public String title() {
        return "probes lost at 1 kHz when the MASTER is stopped on purpose, v2, 1 s adverts";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                new Metric("lost-p50", "lost, p50", "", new Goal.AtMost(0)),
                new Metric("lost-max", "lost, max", "", new Goal.AtMost(0)));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        List<Double> lost = new ArrayList<>();
        try (Pair pair = new Pair(contender, RouterConfig.one(2, 1000, Pair.LOW))) {
            Host client = pair.lab().host("client");
            Probe probe = new Probe(client, RouterConfig.VIP, List.of(pair.high(), pair.low()));
            pair.lab().closeWithLab(probe);
            pair.launchLow();
            for (int i = 0; i < plan.handOvers(); i++) {
                Running master = pair.launchHigh();
                awaitAnswersOf(pair.high(), probe);
                Pair.pass(AFTERWARDS);
                Instant asked = Instant.now();
                master.process().signal("TERM");
                awaitAnswersOf(pair.low(), probe);
                Pair.pass(AFTERWARDS);
                lost.add((double) probe.lostSince(asked));
                master.process().awaitExit(LIMIT);
            }
        }
        return Map.of(
                "lost-p50",
                Reading.of(Percentiles.of(lost, 50), lost),
                "lost-max",
                Reading.of(Percentiles.of(lost, 100)));
    }

    private static void awaitAnswersOf(Host host, Probe probe) {
        Await.until("answers of " + host, LIMIT, () -> probe.answering().equals(Optional.of(host.name())));
    }
}
