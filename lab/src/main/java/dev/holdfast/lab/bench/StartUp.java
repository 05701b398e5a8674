package dev.holdfast.lab.bench;

import dev.holdfast.lab.Await;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Lab;
import dev.holdfast.lab.Sniffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From the start of the process to its first advert on the wire, as the owner of the address (priority 255). */
record StartUp() implements Figure {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final double LIMIT_MILLIS = 500;

    @Override
    public String key() {
        return "start-up";
    }

    @Override
    public String title() {
        return "process start to first advert on the wire, priority 255, v3, 100 ms adverts";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                new Metric("p50", "p50", "ms", new Goal.Under(LIMIT_MILLIS)),
                new Metric("max", "max", "ms", new Goal.Information()));
    }

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        List<Double> millis = new ArrayList<>();
        try (Lab lab = Lab.create("bench")) {
            Host host = lab.host("node");
            Sniffer sniffer = lab.sniff(host);
            for (int i = 0; i < plan.starts(); i++) {
                int earlier = sniffer.adverts().size();
                // Both clocks are the machine's. setsid and nsenter are in the time, the same for both programs.
                Instant started = Instant.now();
                Running running = contender.launch(host, RouterConfig.one(3, 100, RouterConfig.OWNER));
                Sniffer.Advert first = Await.value(
                        "the first advert",
                        LIMIT,
                        () -> sniffer.advertsFrom(earlier).stream()
                                .filter(advert -> advert.at().isAfter(started))
                                .findFirst()
                                .orElse(null));
                millis.add(Duration.between(started, first.at()).toNanos() / 1e6);
                running.stop();
            }
        }
        return Map.of(
                "p50", Reading.of(Percentiles.of(millis, 50), millis),
                "max", Reading.of(Percentiles.of(millis, 100)));
    }
}
