package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.Position;

/**
 * Where a key of the HOCON comes from.
 *
 * @param position its file and line
 * @param label the keyword and the blocks around it, for example {@code vrrp_instance VI_1: priority}
 */
public record Source(Position position, String label) {}
