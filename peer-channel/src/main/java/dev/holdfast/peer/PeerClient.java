package dev.holdfast.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one address connected, and asks over the connection. */
final class PeerClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);

    /** Requests without an answer yet; more means that the other does not keep up. */
    private static final int MOST_PENDING = 32;

    private final InetSocketAddress address;
    private final Handshake handshake;
    private final PeerLimits limits;
    private final Names names;
    private final RefusalLog log;
    private final Consumer<PeerClient> onRelease;
    private final Semaphore wake = new Semaphore(0);
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean closed;
    private volatile @Nullable Session session;
    private volatile @Nullable String name;
    private volatile @Nullable RefusedException failure;
    private long pauseNanos;

    /** A connection and what was asked over it. */
    private record Session(Link link, Map<Integer, CompletableFuture<String>> pending) {}

    /** @param onRelease told when the peer's connection has ended, so that another of its addresses may try */
    PeerClient(
            InetSocketAddress address,
            Handshake handshake,
            PeerLimits limits,
            Names names,
            RefusalLog log,
            Consumer<PeerClient> onRelease) {
        this.address = address;
        this.handshake = handshake;
        this.limits = limits;
        this.names = names;
        this.log = log;
        this.onRelease = onRelease;
        this.pauseNanos = limits.retryMin().toNanos();
    }

    void start() {
        Thread.ofVirtual().name("peer-to-" + PeerServer.text(address)).start(this::run);
    }

    InetSocketAddress address() {
        return address;
    }

    @Nullable
    String name() {
        return name;
    }

    boolean isConnected() {
        return session != null;
    }

    PeerState state() {
        String known = name;
        boolean connected = isConnected() || (known != null && names.isHeld(known) && failure == null);
        RefusedException why = failure;
        return connected || why == null
                ? new PeerState(address, known, connected, null, "")
                : new PeerState(address, known, false, why.refusal(), Handshake.message(why));
    }

    /** Tries at once, if it is waiting for its next attempt. */
    void wake() {
        wake.release();
    }

    private void run() {
        while (!closed) {
            try {
                attempt();
            } catch (RefusedException e) {
                failed(e);
            } catch (RuntimeException e) {
                LOG.error("Peers: the connection to {} failed", PeerServer.text(address), e);
                failure = new RefusedException(PeerRefusal.CUT_OFF, e.toString());
            }
            pause();
        }
    }

    private void attempt() throws RefusedException {
        try (Link link = handshake.connect(address)) {
            if (closed) {
                return;
            }
            Trust.Proven peer = link.peer();
            switch (names.claim(peer, this)) {
                case TAKEN ->
                    throw new RefusedException(
                            PeerRefusal.NAME_TAKEN,
                            "another agent that is connected is called " + peer.name() + " too");
                case ALIAS -> {
                    name = peer.name();
                    failure = null;
                    pauseNanos = limits.idle().toNanos();
                }
                case FIRST -> converse(link);
            }
        }
    }

    private void converse(Link link) {
        Session mine = new Session(link, new ConcurrentHashMap<>());
        name = link.peer().name();
        failure = null;
        pauseNanos = limits.retryMin().toNanos();
        session = mine;
        LOG.info("Peers: connected to {} at {}", name, PeerServer.text(address));
        RefusedException end = new RefusedException(PeerRefusal.CUT_OFF, "closed");
        try {
            while (!closed) {
                Frames.Frame answer = link.read();
                CompletableFuture<String> asked = mine.pending().remove(answer.number());
                if (asked != null) {
                    asked.complete(answer.body());
                }
            }
        } catch (RefusedException e) {
            end = e;
            log.refused(e.refusal(), name + " at " + PeerServer.text(address), Handshake.message(e));
        } catch (IOException e) {
            end = new RefusedException(PeerRefusal.CUT_OFF, Handshake.message(e));
        }
        failure = end;
        session = null;
        names.release(this);
        for (CompletableFuture<String> asked : mine.pending().values()) {
            asked.completeExceptionally(end);
        }
        if (!closed) {
            LOG.warn("Peers: no longer connected to {}: {}", name, Handshake.message(end));
            onRelease.accept(this);
        }
    }

    private void failed(RefusedException e) {
        failure = e;
        pauseNanos = Math.min(pauseNanos * 2, limits.retryMax().toNanos());
        // An agent that is not running is refused nothing.
        if (!closed && e.refusal() != PeerRefusal.UNREACHABLE && e.refusal() != PeerRefusal.CUT_OFF) {
            log.refused(e.refusal(), PeerServer.text(address), Handshake.message(e));
        }
    }

    private void pause() {
        long pause = pauseNanos / 2 + ThreadLocalRandom.current().nextLong(pauseNanos / 2 + 1);
        try {
            if (!closed && wake.tryAcquire(pause, TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    PeerAnswer ask(String request, Duration within) {
        Session mine = session;
        if (mine == null) {
            PeerState state = state();
            return new PeerAnswer.None(
                    state.refusal() == null ? PeerRefusal.UNREACHABLE : state.refusal(), state.detail());
        }
        if (mine.pending().size() >= MOST_PENDING) {
            return new PeerAnswer.None(PeerRefusal.TOO_MANY, MOST_PENDING + " requests wait for an answer");
        }
        int number = numbers.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        mine.pending().put(number, answer);
        long start = System.nanoTime();
        try {
            mine.link().write(new Frames.Frame(number, request), within);
            if (!mine.equals(session)) {
                return new PeerAnswer.None(PeerRefusal.CUT_OFF, "the connection has just ended");
            }
            Duration left = within.minusNanos(System.nanoTime() - start);
            return new PeerAnswer.Answer(answer.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            if (mine.link().silence().compareTo(limits.silence()) >= 0) {
                // Its host is gone, or the way to it: the kernel would find out in a quarter of an hour.
                mine.link().close();
            }
            return new PeerAnswer.None(PeerRefusal.TOO_SLOW, "no answer within " + within.toMillis() + " ms");
        } catch (RefusedException e) {
            return new PeerAnswer.None(e.refusal(), Handshake.message(e));
        } catch (IOException | ExecutionException e) {
            mine.link().close();
            return new PeerAnswer.None(PeerRefusal.CUT_OFF, "the connection ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PeerAnswer.None(PeerRefusal.CUT_OFF, "interrupted");
        } finally {
            mine.pending().remove(number);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        Session mine = session;
        if (mine != null) {
            mine.link().close();
        }
        names.release(this);
    }
}
