package dev.holdfast.agent.config;

/**
 * One thing as one instance tracks it.
 *
 * @param name the thing's name
 * @param weight -254..254; 0: down means FAULT, positive: added while up, negative: subtracted while down; for a file see
 *     {@link FileConfig}. The one of the reference, or else the thing's own
 * @param reverse whether up counts as down and down as up; the reference's word, or else the thing's own
 */
public record Tracked(String name, int weight, boolean reverse) {}
