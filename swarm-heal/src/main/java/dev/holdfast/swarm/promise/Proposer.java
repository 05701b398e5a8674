package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealPolicy;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The asking side: gets the promises of a majority, and tells the agents when they are no longer needed. Blocks; used by the
 * healer's thread alone.
 */
public final class Proposer {

    /** How long one agent may take: little of the time for which a majority is good. */
    private static final Duration WITHIN = Duration.ofMillis(2500);

    /** Whoever was not heard for so long is not waited for. */
    private static final Duration PRESENT = HealPolicy.MAX_AGE;

    /** The same agent's retries, and two agents that got in each other's way, keep this far apart, at random. */
    private static final Duration PAUSE_MIN = Duration.ofSeconds(3);

    private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

    private final Peers peers;
    private final PromiseDesk desk;
    private final HealClock clock;
    private final RandomGenerator random;
    private final Executor executor;
    private final Set<String> told = new HashSet<>();
    private PeerRequest.@Nullable Release release;
    private Ruling.@Nullable Refused last;
    private long pauseUntil;

    /**
     * Makes one.
     *
     * @param executor runs one task an agent at once; each blocks
     */
    public Proposer(Peers peers, PromiseDesk desk, HealClock clock, RandomGenerator random, Executor executor) {
        this.peers = peers;
        this.desk = desk;
        this.clock = clock;
        this.random = random;
        this.executor = executor;
    }

    /**
     * Asks the agents, 5 s at most. Without a majority nothing stays promised, as far as they can be reached. For 3 to 10 s after a
     * refusal nobody is asked, and the refusal is repeated.
     *
     * @param own what this agent itself sees: it promises under the same rules as the others
     */
    public Ruling ask(Candidate copy, View own) {
        Ruling.Refused before = last;
        if (before != null && pauseUntil - clock.nanos() > 0) {
            return before;
        }
        Ruling ruling = vote(copy, own);
        if (ruling instanceof Ruling.Refused(HealRefusal reason, String _) && reason == HealRefusal.EPOCH_PASSED) {
            // Now it is known what the next number is.
            ruling = vote(copy, own);
        }
        last = null;
        if (ruling instanceof Ruling.Refused refused) {
            last = refused;
            long spread = PAUSE_MAX.minus(PAUSE_MIN).toNanos();
            pauseUntil = clock.nanos() + PAUSE_MIN.toNanos() + random.nextLong(spread);
            release();
        }
        return ruling;
    }

    private Ruling vote(Candidate copy, View own) {
        int agents = peers.configured();
        if (agents < 2) {
            return new Ruling.Refused(agents == 0 ? HealRefusal.PEER_CHANNEL_MISSING : HealRefusal.PEERS_TOO_FEW, "");
        }
        long asked = clock.nanos();
        PromiseDesk.Proposal mine = desk.propose(copy, own, agents);
        PeerRequest.Promise request = mine.request();
        if (request == null) {
            HealRefusal why = mine.refusal() == null ? HealRefusal.EPOCH_PASSED : mine.refusal();
            return new Ruling.Refused(why, "this agent: " + mine.detail());
        }
        Map<String, PeerReply> replies = send(request, others());
        replies.values().forEach(reply -> {
            if (reply instanceof PeerReply.NotPromised(String _, String _, long highest)) {
                desk.heardOf(highest);
            }
        });
        return new Ballot(request, copy.members(), asked).count(replies, peers::counts);
    }

    /**
     * Must be called right before the engine is, after every other gate: records that this epoch was called.
     *
     * @return why the engine must not be called, or null if it may, once
     */
    public @Nullable HealRefusal begin(Ruling.Majority majority) {
        return majority.isValid(clock.nanos())
                ? desk.begin(majority.epoch(), majority.nodeId())
                : HealRefusal.MAJORITY_EXPIRED;
    }

    /**
     * Gives up what was promised and not used, and tells those who have not heard it yet. To be called in every round that does
     * not lead to a force, whether MASTER or not: an agent that was out of reach, or this one's own restart, must not leave a promise
     * behind. Asks nobody where there is nothing to tell. After a call it gives up nothing of that call.
     */
    public void release() {
        PeerRequest.Release undone = desk.abandon();
        if (undone == null) {
            return;
        }
        if (!undone.equals(release)) {
            release = undone;
            told.clear();
        }
        tell(undone);
    }

    private void tell(PeerRequest.Release undone) {
        List<String> missing = others().stream().filter(a -> !told.contains(a)).toList();
        send(undone, missing).forEach((agent, reply) -> {
            if (reply instanceof PeerReply.Done) {
                told.add(agent);
            }
        });
    }

    private List<String> others() {
        long now = clock.nanos();
        return peers.heard().stream()
                .filter(h -> now - h.atNanos() <= PRESENT.toNanos())
                .map(h -> h.report().agent())
                .toList();
    }

    private Map<String, PeerReply> send(PeerRequest request, List<String> agents) {
        Map<String, CompletableFuture<PeerReply>> pending = new LinkedHashMap<>();
        for (String agent : agents) {
            PeerReply late = new PeerReply.NoAnswer("it took too long");
            pending.put(
                    agent,
                    CompletableFuture.supplyAsync(() -> peers.ask(agent, request, WITHIN), executor)
                            .completeOnTimeout(late, 2 * WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                            .exceptionally(e -> new PeerReply.NoAnswer(e.toString())));
        }
        Map<String, PeerReply> replies = new LinkedHashMap<>();
        pending.forEach((agent, reply) -> replies.put(agent, reply.join()));
        return replies;
    }
}
