package dev.holdfast.lab.bench;

import java.util.List;

/** Percentiles by nearest rank: always a value that was really measured. */
final class Percentiles {
    private Percentiles() {}

    /**
     * The smallest sample that at least this share of all samples does not exceed.
     *
     * @param percent over 0, at most 100
     * @throws IllegalArgumentException without samples, or for a percentage out of range
     */
    static double of(List<Double> samples, double percent) {
        if (samples.isEmpty() || !(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException(
                    "no percentile " + percent + " (over 0, at most 100) of " + samples.size() + " samples");
        }
        int rank = (int) Math.ceil(percent / 100 * samples.size());
        return samples.stream().sorted().toList().get(rank - 1);
    }
}
