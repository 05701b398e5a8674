package dev.holdfast.lab.bench;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What was read for one metric of one contender.
 *
 * @param value in the metric's unit; infinite for what did not happen while it was watched; empty if nothing could be read.
 *     In both cases the note says more
 * @param note what one should know about it; may be empty
 * @param samples what the value was drawn from, in the order of the trials; may be empty
 */
record Reading(OptionalDouble value, String note, List<Double> samples) {
    static Reading of(double value) {
        return new Reading(OptionalDouble.of(value), "", List.of());
    }

    static Reading none(String why) {
        return new Reading(OptionalDouble.empty(), why, List.of());
    }

    /** It did not happen while it was watched. */
    static Reading never(String watched) {
        return new Reading(OptionalDouble.of(Double.POSITIVE_INFINITY), watched, List.of());
    }

    static Reading of(double value, List<Double> samples) {
        return new Reading(OptionalDouble.of(value), "", samples);
    }

    Reading noting(String remark) {
        return new Reading(value, remark, samples);
    }
}
