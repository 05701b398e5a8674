package dev.holdfast.lab.bench;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * A figure with what was read.
 *
 * @param figure which
 * @param readings by contender and metric key; nothing is missing
 */
record Result(Figure figure, Map<Contender, Map<String, Reading>> readings) {
    Reading reading(Contender contender, Metric metric) {
        return readings.getOrDefault(contender, Map.of()).getOrDefault(metric.key(), Reading.none("not measured"));
    }

    /** Holdfast's value divided by keepalived's; empty where that says nothing. */
    OptionalDouble ratio(Metric metric) {
        OptionalDouble ours = reading(Contender.HOLDFAST, metric).value();
        OptionalDouble theirs = reading(Contender.KEEPALIVED, metric).value();
        boolean comparable = ours.isPresent()
                && theirs.isPresent()
                && theirs.getAsDouble() > 0
                && Double.isFinite(theirs.getAsDouble())
                && Double.isFinite(ours.getAsDouble());
        return comparable ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble()) : OptionalDouble.empty();
    }

    Goal.Verdict verdict(Metric metric) {
        return metric.goal()
                .judge(
                        reading(Contender.HOLDFAST, metric).value(),
                        reading(Contender.KEEPALIVED, metric).value());
    }
}
