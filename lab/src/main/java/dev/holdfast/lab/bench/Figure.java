package dev.holdfast.lab.bench;

import java.util.List;
import java.util.Map;

/** One thing that is measured of every contender in the same way. */
interface Figure {
    /** A word or two with hyphens, unique. */
    String key();

    /** What is measured, for people. */
    String title();

    /** Its lines in the table. */
    List<Metric> metrics();

    /**
     * Measures in a lab of its own, which is gone afterwards.
     *
     * @return a reading for each metric, by its key
     * @throws dev.holdfast.lab.LabException if it cannot be measured
     */
    Map<String, Reading> measure(Contender contender, Plan plan);
}
