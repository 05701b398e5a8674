package dev.holdfast.peer;

import java.time.Duration;

/**
 * What one peer, or all who connect, may use up. A frame is buffered whole, so at most {@code connections} times
 * {@code frameBytes} times a few lie in memory.
 *
 * @param connections that have proven themselves, in all
 * @param connectionsPerAddress of these and of those that have not yet, from one address
 * @param handshakes that have not yet proven themselves, in all but those from addresses where a peer is expected
 * @param requestsPerConnection that are answered at the same time; for the next one nothing is read
 * @param frameBytes the longest message
 * @param handshake how long a handshake may take
 * @param request how long a message may take to arrive once it has begun, and an answer to be given and sent
 * @param idle how long a connection may say nothing
 * @param silence after how long without a byte a peer that owes an answer is given up, and connected anew
 * @param retryMin the first pause between two attempts to connect
 * @param retryMax the longest
 */
public record PeerLimits(
        int connections,
        int connectionsPerAddress,
        int handshakes,
        int requestsPerConnection,
        int frameBytes,
        Duration handshake,
        Duration request,
        Duration idle,
        Duration silence,
        Duration retryMin,
        Duration retryMax) {

    /** What agents use. */
    public static final PeerLimits DEFAULT = new PeerLimits(
            128,
            8,
            32,
            4,
            64 * 1024,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(500),
            Duration.ofSeconds(5));
}
