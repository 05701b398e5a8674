package dev.holdfast.peer;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Channels on loopback, with limits short enough to wait for. */
final class Rig implements AutoCloseable {
    static final ClusterSecret OLD = ClusterSecret.parse("an old secret that is long enough for a test");
    static final ClusterSecret NEW = ClusterSecret.parse("hex:" + "0f1e2d3c4b5a6978".repeat(4));
    static final Duration SOON = Duration.ofSeconds(20);
    static final PeerLimits LIMITS = new PeerLimits(
            16,
            8,
            6,
            2,
            64 * 1024,
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(50),
            Duration.ofMillis(200));

    private final List<Closeable> open = new ArrayList<>();

    /** A channel and its counters. */
    record Agent(PeerChannel channel, PeerCounters counters) {
        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), channel.port());
        }

        long refused(PeerRefusal refusal) {
            return counters.of(refusal);
        }

        void connect(Agent... others) {
            channel.connect(Arrays.stream(others).map(Agent::address).toList());
        }

        PeerAnswer ask(String name, String request) {
            return channel.ask(name, request, Duration.ofSeconds(10));
        }
    }

    Agent agent(String name, ClusterSecret... secrets) {
        return agent(name, LIMITS, (from, request) -> from + " asked " + name + ": " + request, secrets);
    }

    Agent agent(String name, PeerLimits limits, PeerHandler handler, ClusterSecret... secrets) {
        return agent(name, 0, limits, handler, secrets);
    }

    Agent agent(String name, int port, PeerLimits limits, PeerHandler handler, ClusterSecret... secrets) {
        PeerCounters counters = new PeerCounters();
        try {
            PeerChannel channel = new PeerChannel(
                    name,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    List.of(secrets),
                    handler,
                    counters,
                    limits);
            open.add(channel::close);
            channel.start();
            return new Agent(channel, counters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void closeLater(Closeable closeable) {
        open.add(closeable);
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    static void awaitConnected(Agent agent, String name) {
        await(
                name + " to be connected",
                () -> agent.channel().peers().stream().anyMatch(peer -> peer.connected() && name.equals(peer.name())));
    }

    static void awaitRefusal(Agent agent, PeerRefusal refusal) {
        await(refusal.label(), () -> agent.refused(refusal) > 0);
    }

    @Override
    public void close() throws IOException {
        for (Closeable closeable : open.reversed()) {
            closeable.close();
        }
    }
}
