package dev.holdfast.agent.config.keepalived;

/**
 * Where a key of the HOCON comes from.
 *
 * @param line of the keepalived.conf
 * @param label the keyword and the blocks around it, for example {@code vrrp_instance VI_1: priority}
 */
public record Source(int line, String label) {}
