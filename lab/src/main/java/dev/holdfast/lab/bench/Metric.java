package dev.holdfast.lab.bench;

/**
 * One line of the table.
 *
 * @param key for JSON, unique in its figure
 * @param label for people
 * @param unit for example {@code ms}; empty for counts
 * @param goal what Holdfast has to reach
 */
record Metric(String key, String label, String unit, Goal goal) {}
