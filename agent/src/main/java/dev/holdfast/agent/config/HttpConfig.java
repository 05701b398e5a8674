package dev.holdfast.agent.config;

import java.net.InetSocketAddress;

/**
 * The read-only HTTP interface.
 *
 * @param listen a literal address and a port 1..65535; default {@code 0.0.0.0:9651}
 * @param keepalivedMetrics whether {@code /metrics} also tells the names of keepalived-exporter
 */
public record HttpConfig(InetSocketAddress listen, boolean keepalivedMetrics) {}
