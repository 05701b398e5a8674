package dev.holdfast.agent.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/**
 * A service that the agent itself connects to again and again.
 *
 * @param name unique among the checks
 * @param target what is asked
 * @param interval from one start to the next, 10 ms..1 d; default 1 s
 * @param timeout when a run counts as failed, 10 ms..1 d, for all of it: name, connection, headers and body; default: the
 *     interval
 * @param rise successes in a row until it counts as up, 1..1000; default 1
 * @param fall failures in a row until it counts as down, 1..1000; default 1
 * @param weight -253..253, unless the tracking instance says otherwise; default 0, which means FAULT while down
 * @param reverse whether it counts the other way round, unless the tracking instance says otherwise; default false
 */
public record CheckConfig(
        String name,
        Target target,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        int weight,
        boolean reverse)
        implements TrackerConfig {

    /** What is asked. */
    public sealed interface Target {}

    /**
     * A GET that must be answered in full; redirects are not followed.
     *
     * @param url http or https, with a host and without a user
     * @param lowest the first status that is well, 100..599
     * @param highest the last status that is well, not below the first
     * @param tlsVerify whether the certificate must be valid and of this host; default true
     */
    public record Http(URI url, int lowest, int highest, boolean tlsVerify) implements Target {}

    /**
     * A connection that must be accepted.
     *
     * @param endpoint unresolved: the name is looked up each time
     */
    public record Tcp(InetSocketAddress endpoint) implements Target {}

    @Override
    public CheckConfig withoutWeight() {
        return new CheckConfig(name, target, interval, timeout, rise, fall, 0, false);
    }
}
