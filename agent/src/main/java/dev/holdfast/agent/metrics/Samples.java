package dev.holdfast.agent.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Gathers the samples of one scrape. */
final class Samples {
    private final List<Supplier<MetricSnapshot>> families = new ArrayList<>();

    /** The samples of one name. */
    interface Family {
        /**
         * One more sample.
         *
         * @param labels names and values in turn
         */
        void add(long value, String... labels);
    }

    Family gauge(String name, String help) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        families.add(family::build);
        return (value, labels) -> family.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value((double) value)
                .labels(Labels.of(labels))
                .build());
    }

    /** @param name without {@code _total}, which the text format appends */
    Family counter(String name, String help) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        families.add(family::build);
        return (value, labels) -> family.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .value((double) value)
                .labels(Labels.of(labels))
                .build());
    }

    /** All families that have samples. */
    MetricSnapshots snapshots() {
        return new MetricSnapshots(families.stream()
                .map(Supplier::get)
                .filter(family -> !family.getDataPoints().isEmpty())
                .toList());
    }
}
