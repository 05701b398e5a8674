package dev.holdfast.agent.peers;

import dev.holdfast.agent.config.PeersConfig;
import dev.holdfast.agent.status.PeersStatus;
import dev.holdfast.peer.PeerAnswer;
import dev.holdfast.peer.PeerChannel;
import dev.holdfast.peer.PeerCounters;
import dev.holdfast.peer.PeerLimits;
import dev.holdfast.peer.PeerRefusal;
import dev.holdfast.peer.PeerState;
import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.PeerAnswers;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other agents: says once a second how this one is, hears how they are, asks and answers. Without a secret nothing of the
 * channel is loaded, and there is nobody to ask.
 */
public final class PeerLink implements Peers, AutoCloseable {
    /** From one report to the next. */
    public static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

    private static final Duration REPORT_LIMIT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    private final PeerAnswers answers;
    private final Supplier<AgentReport> own;
    private final Supplier<Set<InetAddress>> local;
    private final Supplier<Set<InetAddress>> swarm;
    private final PeerCounters counters = new PeerCounters();
    private final RequestCounts requests = new RequestCounts();
    private final HeardReports heard = new HeardReports();
    private final Set<InetSocketAddress> selves = ConcurrentHashMap.newKeySet();
    private final Set<String> reporting = ConcurrentHashMap.newKeySet();
    private final Semaphore wake = new Semaphore(0);
    private volatile @Nullable Wanted wanted;
    private volatile @Nullable PeerChannel channel;
    private volatile PeerDirectory directory = PeerDirectory.EMPTY;
    private volatile String fault = "";
    private volatile boolean closed;
    private @Nullable Thread thread;

    /** What the configuration says. */
    private record Wanted(
            String node, PeersConfig config, List<InetAddress> unicastPeers, Set<InetAddress> virtualAddresses) {
        boolean sameChannelAs(@Nullable Wanted other) {
            return other != null
                    && node.equals(other.node)
                    && config.listen().equals(other.config.listen())
                    && config.secrets().equals(other.config.secrets());
        }
    }

    /**
     * A link that does nothing until the first {@link #apply}.
     *
     * @param answers answers the others, see {@link OwnAnswers}
     * @param own this agent's report
     * @param local this host's addresses
     * @param swarm where the Swarm's nodes are, see {@link SwarmAddresses}
     */
    public PeerLink(
            PeerAnswers answers,
            Supplier<AgentReport> own,
            Supplier<Set<InetAddress>> local,
            Supplier<Set<InetAddress>> swarm) {
        this.answers = answers;
        this.own = own;
        this.local = local;
        this.swarm = swarm;
    }

    /**
     * Makes the channel what the configuration says. Returns at once; the work is done on a thread of its own.
     *
     * @param node this agent's name
     * @param unicastPeers of all instances: these agents, if the configuration does not name any
     * @param virtualAddresses never connected, for they move
     */
    public synchronized void apply(
            String node, PeersConfig config, Collection<InetAddress> unicastPeers, Set<InetAddress> virtualAddresses) {
        if (closed) {
            return;
        }
        wanted = new Wanted(node, config, List.copyOf(unicastPeers), Set.copyOf(virtualAddresses));
        if (thread == null && config.isOn()) {
            thread = Thread.ofPlatform().daemon().name("peers").start(this::run);
        }
        wake.release();
    }

    private void run() {
        @Nullable Wanted running = null;
        while (!closed) {
            Wanted now = wanted;
            try {
                if (now != null && !now.sameChannelAs(running)) {
                    reopen(now);
                    running = now;
                }
                if (now != null) {
                    round(now);
                }
            } catch (RuntimeException e) {
                LOG.error("Peers: a round failed; trying again", e);
            }
            try {
                if (wake.tryAcquire(REPORT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized void reopen(Wanted now) {
        closeChannel();
        selves.clear();
        if (closed || !now.config().isOn()) {
            directory = PeerDirectory.EMPTY;
            return;
        }
        try {
            PeerChannel fresh = new PeerChannel(
                    now.node(),
                    now.config().listen(),
                    now.config().secrets(),
                    this::answer,
                    counters,
                    PeerLimits.DEFAULT);
            fresh.start();
            channel = fresh;
            fault = "";
        } catch (GeneralSecurityException e) {
            fault = "the channel can't be made: " + e.getMessage();
            LOG.error("Peers: {}", fault);
        }
    }

    /** Finds whom to connect, and reports to whoever is. */
    private void round(Wanted now) {
        PeerChannel open = channel;
        if (open == null) {
            return;
        }
        List<PeerState> states = open.peers();
        states.stream()
                .filter(state -> state.refusal() == PeerRefusal.SELF)
                .map(PeerState::address)
                .forEach(selves::add);
        Set<InetAddress> here = local.get();
        int port = now.config().listen().getPort();
        Set<InetAddress> others = new java.util.HashSet<>(swarm.get());
        others.removeAll(now.virtualAddresses());
        PeerDirectory next = PeerDirectory.of(
                now.config(),
                now.unicastPeers(),
                others,
                address ->
                        selves.contains(address) || (address.getPort() == port && here.contains(address.getAddress())));
        directory = next;
        open.connect(next.all());
        states.stream()
                .filter(PeerState::connected)
                .map(PeerState::name)
                .filter(Objects::nonNull)
                .distinct()
                .filter(reporting::add)
                .forEach(name -> Thread.startVirtualThread(() -> report(name)));
    }

    private void report(String name) {
        try {
            var _ = ask(name, new PeerRequest.Report(own.get()), REPORT_LIMIT);
        } finally {
            reporting.remove(name);
        }
    }

    @Override
    public int configured() {
        return directory.configured();
    }

    @Override
    public boolean counts(String agent) {
        PeerChannel open = channel;
        return open != null
                && open.peers().stream()
                        .anyMatch(state -> agent.equals(state.name())
                                && directory.counting().contains(state.address()));
    }

    @Override
    public Roster roster() {
        PeerChannel open = channel;
        Wanted now = wanted;
        PeerDirectory known = directory;
        if (open == null || now == null) {
            return Roster.NONE;
        }
        List<String> silent = PeerTable.of(open.peers(), known.counting(), heard.all(), System.nanoTime()).stream()
                .filter(peer -> peer.counts() && !isHeard(peer))
                .map(peer -> (peer.name().isEmpty() ? peer.address() : peer.name())
                        + (peer.reason().isEmpty() ? "" : " (" + peer.reason() + ")"))
                .toList();
        return new Roster(
                now.node(),
                known.own().map(own -> own.getAddress().getHostAddress()).orElse(""),
                silent);
    }

    private static boolean isHeard(PeersStatus.Peer peer) {
        return peer.heardSecondsAgo().orElse(Long.MAX_VALUE) <= HealPolicy.MAX_AGE.toSeconds();
    }

    @Override
    public List<Heard> heard() {
        return heard.all();
    }

    @Override
    public PeerReply ask(String agent, PeerRequest request, Duration within) {
        PeerReply reply;
        try {
            reply = exchange(agent, request, within);
        } catch (RuntimeException e) {
            LOG.error("Peers: {} could not be asked", agent, e);
            reply = new PeerReply.NoAnswer("failed: " + e);
        }
        requests.count(PeerCodec.label(request), reply);
        return reply;
    }

    private PeerReply exchange(String agent, PeerRequest request, Duration within) {
        PeerChannel open = channel;
        if (open == null) {
            return new PeerReply.NoAnswer("there is no channel between the agents");
        }
        return switch (open.ask(agent, PeerCodec.encode(request), within)) {
            case PeerAnswer.None(PeerRefusal reason, String detail) ->
                new PeerReply.NoAnswer(detail.isEmpty() ? reason.text() : reason.text() + ": " + detail);
            case PeerAnswer.Answer(String body) -> understood(agent, body);
        };
    }

    private PeerReply understood(String agent, String body) {
        PeerReply reply;
        try {
            reply = PeerCodec.reply(body);
        } catch (PeerCodec.UnreadableException e) {
            counters.count(e.refusal());
            return new PeerReply.NoAnswer(e.refusal().text() + ": " + e.getMessage());
        }
        if (reply instanceof PeerReply.Report(AgentReport theirs)) {
            if (!theirs.agent().equals(agent)) {
                counters.count(PeerRefusal.BAD_NAME);
                return new PeerReply.NoAnswer("it reported for another agent");
            }
            heard.hear(theirs);
        }
        return reply;
    }

    /** On a thread of the channel. */
    private String answer(String from, String text) {
        PeerReply reply;
        try {
            PeerRequest request = PeerCodec.request(text);
            if (request instanceof PeerRequest.Report(AgentReport mine)) {
                if (!mine.agent().equals(from)) {
                    return PeerCodec.encode(refused(PeerRefusal.BAD_NAME, "a report for another agent"));
                }
                heard.hear(mine);
            }
            reply = answers.answer(from, request);
        } catch (PeerCodec.UnreadableException e) {
            reply = refused(e.refusal(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("Peers: a request of {} failed", from, e);
            reply = new PeerReply.Refused("failed", "the request could not be carried out");
        }
        String answer = PeerCodec.encode(
                reply instanceof PeerReply.NoAnswer(String detail)
                        ? new PeerReply.Refused("no-answer", detail)
                        : reply);
        int bytes = answer.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= PeerLimits.DEFAULT.frameBytes()
                ? answer
                : PeerCodec.encode(refused(PeerRefusal.TOO_LARGE, "the answer has " + bytes + " bytes"));
    }

    private PeerReply refused(PeerRefusal refusal, String detail) {
        counters.count(refusal);
        return new PeerReply.Refused(refusal.label(), detail);
    }

    /** {@return what can be known of the others} */
    public PeersStatus status() {
        PeerChannel open = channel;
        Wanted now = wanted;
        if (now == null || !now.config().isOn()) {
            return PeersStatus.OFF;
        }
        String trouble = open == null ? fault : open.fault();
        PeerDirectory known = directory;
        return new PeersStatus(
                true,
                trouble.isEmpty()
                        ? "listening at " + PeerTable.text(now.config().listen())
                        : trouble,
                known.configured(),
                PeerTable.of(open == null ? List.of() : open.peers(), known.counting(), heard.all(), System.nanoTime()),
                requests.all(),
                counters.all());
    }

    private void closeChannel() {
        PeerChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        wake.release();
        closeChannel();
    }
}
