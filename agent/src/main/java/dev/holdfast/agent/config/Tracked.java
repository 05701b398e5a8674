package dev.holdfast.agent.config;

/**
 * One script or interface as one instance tracks it.
 *
 * @param name the script's or interface's name
 * @param weight -253..253; 0: down means FAULT, positive: added while up, negative: subtracted while down. For a script
 *     the one of the reference, or else the script's own
 * @param reverse whether up counts as down and down as up
 */
public record Tracked(String name, int weight, boolean reverse) {}
