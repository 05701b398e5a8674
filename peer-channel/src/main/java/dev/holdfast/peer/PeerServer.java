package dev.holdfast.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens, and answers whoever has the secret. An address that is not there yet, or a port in use, is tried again. */
final class PeerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final int BACKLOG = 64;

    private final InetSocketAddress listen;
    private final Handshake handshake;
    private final PeerLimits limits;
    private final PeerHandler handler;
    private final RefusalLog log;
    private final Predicate<InetAddress> expected;
    private final Consumer<InetSocketAddress> arrivals;
    private final Admission admission;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Semaphore closing = new Semaphore(0);
    private volatile boolean closed;
    private volatile @Nullable ServerSocket server;
    private volatile String fault = "not started";

    /**
     * @param expected whether a peer may be at an address
     * @param arrivals hears from where a peer has connected
     */
    PeerServer(
            InetSocketAddress listen,
            Handshake handshake,
            PeerLimits limits,
            PeerHandler handler,
            RefusalLog log,
            Predicate<InetAddress> expected,
            Consumer<InetSocketAddress> arrivals) {
        this.listen = listen;
        this.handshake = handshake;
        this.limits = limits;
        this.handler = handler;
        this.log = log;
        this.expected = expected;
        this.arrivals = arrivals;
        this.admission = new Admission(limits);
    }

    void start() {
        open();
        Thread.ofVirtual().name("peer-accept").start(this::run);
    }

    /** {@return why nobody can connect; empty if they can} */
    String fault() {
        return fault;
    }

    /** {@return the port, or 0 if it does not listen} */
    int port() {
        ServerSocket open = server;
        return open == null ? 0 : open.getLocalPort();
    }

    int connections() {
        return admission.connections();
    }

    private void open() {
        try {
            // With a bound address the constructor leaves nothing open when it fails.
            server = new ServerSocket(listen.getPort(), BACKLOG, listen.getAddress());
            fault = "";
            LOG.info("Peers: listening at {}", text(listen));
        } catch (IOException e) {
            String now = "cannot listen at " + text(listen) + ": " + Handshake.message(e);
            if (!now.equals(fault)) {
                LOG.warn("Peers: {}; trying again", now);
            }
            fault = now;
        }
    }

    private void run() {
        while (!closed) {
            ServerSocket open = server;
            try {
                if (open == null) {
                    pause();
                    open();
                } else {
                    admit(open.accept());
                }
            } catch (IOException e) {
                // Most likely no descriptor is left; those that wait are served when there is one.
                if (!closed) {
                    log.refused(PeerRefusal.TOO_MANY, "a connection", Handshake.message(e));
                    pause();
                }
            }
        }
        closeServer();
    }

    private void pause() {
        try {
            if (closing.tryAcquire(RETRY.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)) {
                closing.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(Socket raw) {
        InetAddress from = raw.getInetAddress();
        Admission.Place place = admission.enter(from, expected.test(from));
        if (place == null) {
            log.refused(PeerRefusal.TOO_MANY, text(raw), "");
            reset(raw);
            return;
        }
        sockets.add(raw);
        Thread.ofVirtual().name("peer-" + text(raw)).start(() -> serve(raw, place));
        if (closed) {
            Deadlines.close(raw);
        }
    }

    private void serve(Socket raw, Admission.Place place) {
        try (place;
                raw) {
            Link link = handshake.accept(raw);
            if (!place.prove()) {
                throw new RefusedException(PeerRefusal.TOO_MANY, "");
            }
            arrivals.accept((InetSocketAddress) raw.getRemoteSocketAddress());
            answer(link);
        } catch (RefusedException e) {
            if (!closed) {
                log.refused(e.refusal(), text(raw), Handshake.message(e));
            }
        } catch (IOException e) {
            // It has left, or was cut off: its own affair.
            LOG.debug("Peers: {} has gone: {}", text(raw), Handshake.message(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(raw);
        }
    }

    private void answer(Link link) throws IOException, InterruptedException {
        Semaphore open = new Semaphore(limits.requestsPerConnection());
        while (true) {
            Frames.Frame request;
            try {
                request = link.read();
            } catch (EOFException e) {
                return;
            }
            open.acquire();
            Thread.startVirtualThread(() -> {
                try {
                    answer(link, request);
                } finally {
                    open.release();
                }
            });
        }
    }

    private void answer(Link link, Frames.Frame request) {
        try (var _ = link.within(limits.request())) {
            String body = handler.answer(link.peer().name(), request.body());
            link.write(new Frames.Frame(request.number(), body), limits.request());
        } catch (IOException e) {
            link.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            link.close();
        } catch (RuntimeException e) {
            LOG.error(
                    "Peers: a request of {} could not be answered", link.peer().name(), e);
            link.close();
        }
    }

    /** Without waiting for anything, so that nothing of it stays behind in the kernel either. */
    private static void reset(Socket raw) {
        try {
            raw.setSoLinger(true, 0);
        } catch (IOException e) {
            // It has gone already.
        }
        Deadlines.close(raw);
    }

    private void closeServer() {
        ServerSocket open = server;
        if (open != null) {
            Deadlines.close(open);
        }
    }

    @Override
    public void close() {
        closed = true;
        closing.release();
        closeServer();
        sockets.forEach(Deadlines::close);
    }

    private static String text(Socket socket) {
        return socket.getRemoteSocketAddress() instanceof InetSocketAddress remote ? text(remote) : "somebody";
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') < 0 ? host + ":" + address.getPort() : "[" + host + "]:" + address.getPort();
    }
}
