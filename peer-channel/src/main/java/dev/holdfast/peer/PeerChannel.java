package dev.holdfast.peer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * This agent's end of the channel: it listens, keeps a connection to each peer it is told of, and asks over these. Every method
 * may be called from any thread.
 */
public final class PeerChannel implements AutoCloseable {
    private final Deadlines deadlines = new Deadlines();
    private final Names names = new Names();
    private final Map<InetSocketAddress, PeerClient> clients = new HashMap<>();
    private final PeerLimits limits;
    private final RefusalLog log;
    private final Handshake handshake;
    private final PeerServer server;
    private volatile Set<InetAddress> expected = Set.of();
    private boolean closed;

    /**
     * A channel that does nothing until {@link #start()}.
     *
     * @param name what the others call this agent: 1..253 letters, digits, dots, - and _
     * @param listen a literal address and a port; 0 takes any
     * @param secrets at least one: the first is shown to others, each is accepted from them
     * @param handler answers requests
     * @param counters counts refusals
     * @throws GeneralSecurityException if the JDK lacks an algorithm
     */
    public PeerChannel(
            String name,
            InetSocketAddress listen,
            List<ClusterSecret> secrets,
            PeerHandler handler,
            PeerCounters counters,
            PeerLimits limits)
            throws GeneralSecurityException {
        this.limits = limits;
        this.log = new RefusalLog(counters);
        this.handshake = new Handshake(new Identity(name, secrets), deadlines, limits);
        this.server = new PeerServer(listen, handshake, limits, handler, log, this::isExpected, this::arrived);
    }

    /** Listens. If it can't, it goes on trying; {@link #fault()} says why. */
    public void start() {
        server.start();
    }

    /** {@return why nobody can connect to this agent; empty if they can} */
    public String fault() {
        return server.fault();
    }

    /** {@return the port it listens at, 0 if it does not} */
    public int port() {
        return server.port();
    }

    /** {@return how many connections others have to this agent now, proven or not} */
    public int connections() {
        return server.connections();
    }

    /** From now on these addresses are to be connected, and no others. */
    public synchronized void connect(Collection<InetSocketAddress> addresses) {
        if (closed) {
            return;
        }
        Set<InetSocketAddress> wanted = new HashSet<>(addresses);
        expected = wanted.stream().map(InetSocketAddress::getAddress).collect(Collectors.toSet());
        clients.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        for (InetSocketAddress address : wanted) {
            clients.computeIfAbsent(address, this::client);
        }
    }

    private boolean isExpected(InetAddress address) {
        return expected.contains(address);
    }

    private PeerClient client(InetSocketAddress address) {
        PeerClient client = new PeerClient(address, handshake, limits, names, log, this::released);
        client.start();
        return client;
    }

    /** {@return every address that is to be connected, in a stable order} */
    public synchronized List<PeerState> peers() {
        return clients.values().stream()
                .map(PeerClient::state)
                .sorted(Comparator.comparing(state -> PeerServer.text(state.address())))
                .toList();
    }

    /**
     * Asks a peer and waits for the answer.
     *
     * @param name as its certificate names it
     * @param within how long at most
     */
    public PeerAnswer ask(String name, String request, Duration within) {
        PeerClient known = null;
        synchronized (this) {
            for (PeerClient client : clients.values()) {
                if (Objects.equals(client.name(), name) && (known == null || client.isConnected())) {
                    known = client;
                }
            }
        }
        return known == null
                ? new PeerAnswer.None(PeerRefusal.UNREACHABLE, "no address of " + name + " is known")
                : known.ask(request, within);
    }

    /** Whoever has just come up is called back at once, whatever pause is running. */
    private synchronized void arrived(InetSocketAddress from) {
        for (PeerClient client : clients.values()) {
            if (client.address().getAddress().equals(from.getAddress()) && !client.isConnected()) {
                client.wake();
            }
        }
    }

    /** Another address of the same peer may still lead to it. */
    private synchronized void released(PeerClient released) {
        clients.values().stream()
                .filter(client -> client != released && Objects.equals(client.name(), released.name()))
                .forEach(PeerClient::wake);
    }

    @Override
    public synchronized void close() {
        closed = true;
        server.close();
        clients.values().forEach(PeerClient::close);
        clients.clear();
        deadlines.close();
    }
}
