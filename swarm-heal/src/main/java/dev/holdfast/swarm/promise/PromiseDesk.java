package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this agent's {@link PromiseBook}: every change is on disk before anybody hears of it. May be used by several threads;
 * whatever happens between two of its methods, the book decides.
 */
public final class PromiseDesk {

    private static final Logger LOG = LoggerFactory.getLogger(PromiseDesk.class);

    /**
     * An own epoch, or why there is none.
     *
     * @param request what to ask the others, null if this agent does not even promise itself
     * @param refusal null if it does
     */
    record Proposal(
            PeerRequest.@Nullable Promise request, @Nullable HealRefusal refusal, String detail) {}

    /**
     * The last call of this agent.
     *
     * @param epoch 0 if there never was one
     * @param nodeId the node that was or may have been forced
     */
    public record Called(long epoch, String nodeId) {}

    private final BookStore store;
    private final HealClock clock;
    private @Nullable PromiseBook book;
    private String unreadable = "";
    private long givenNanos;

    /** Reads what was promised. A promise of an earlier run counts as given now: it may be as young as that. */
    public PromiseDesk(BookStore store, HealClock clock) {
        this.store = store;
        this.clock = clock;
        this.givenNanos = clock.nanos();
        try {
            byte[] content = store.read();
            book = content == null ? PromiseBook.fresh(UUID.randomUUID().toString()) : BookFormat.read(content);
        } catch (IOException e) {
            unreadable = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.error("Swarm: cannot read what was promised, so nothing will be promised: {}", unreadable);
        }
    }

    /** {@return why the book cannot be read; empty if it can} */
    public synchronized String unreadable() {
        return unreadable;
    }

    /** {@return the book, or null if it cannot be read} */
    synchronized @Nullable PromiseBook book() {
        return book;
    }

    /** {@return the last call of this agent, also before a restart} */
    public synchronized Called called() {
        PromiseBook now = book;
        return now == null ? new Called(0, "") : new Called(now.lastCalled(), now.calledNode());
    }

    /**
     * Answers another agent.
     *
     * @param from its name
     * @param agents how many agents are configured here
     */
    synchronized PeerReply answer(String from, PeerRequest.Promise request, View own, int agents) {
        PromiseBook now = book;
        if (now == null) {
            return refused(HealRefusal.PROMISES_UNREADABLE, unreadable, 0);
        }
        if (request.identity().equals(now.identity())) {
            return refused(HealRefusal.PEERS_DIFFER, "its state directory is a copy of this agent's", now.highest());
        }
        if (request.agents() != agents) {
            return refused(
                    HealRefusal.PEERS_DIFFER,
                    "%d agents are configured there and %d here".formatted(request.agents(), agents),
                    now.highest());
        }
        PromiseBook.Answer answer = now.answer(from, request, own);
        if (!save(answer.book())) {
            return refused(HealRefusal.STATE_NOT_SAVED, BookStore.FILE, now.highest());
        }
        if (answer.refusal() != null) {
            return refused(answer.refusal(), answer.detail(), answer.book().highest());
        }
        givenNanos = clock.nanos();
        LOG.warn("Swarm: promised {} not to force, epoch {}", from, request.epoch());
        return new PeerReply.Promised(request.epoch(), own.nodeId(), own.state() == SwarmState.WORKER);
    }

    private static PeerReply refused(HealRefusal refusal, String detail, long highest) {
        return new PeerReply.NotPromised(refusal.label(), detail, highest);
    }

    /** Hears that another agent's epochs came to nothing. */
    synchronized PeerReply release(PeerRequest.Release request) {
        PromiseBook now = book;
        if (now == null) {
            return new PeerReply.Refused(HealRefusal.PROMISES_UNREADABLE.label(), unreadable);
        }
        if (request.identity().equals(now.identity())) {
            return new PeerReply.Refused(HealRefusal.PEERS_DIFFER.label(), "the state directory is a copy");
        }
        return save(now.released(request.identity(), request.after(), request.through()))
                ? new PeerReply.Done("")
                : new PeerReply.Refused(HealRefusal.STATE_NOT_SAVED.label(), BookStore.FILE);
    }

    /** Takes the next epoch for this agent itself, under the same rules as for others. */
    synchronized Proposal propose(Candidate copy, View own, int agents) {
        PromiseBook now = book;
        if (now == null) {
            return new Proposal(null, HealRefusal.PROMISES_UNREADABLE, unreadable);
        }
        if (now.highest() == PeerRequest.Promise.MAX_EPOCH || copy.nodeId().isEmpty()) {
            return new Proposal(null, HealRefusal.EPOCH_PASSED, "there is no next one");
        }
        PeerRequest.Promise request = new PeerRequest.Promise(
                now.identity(),
                now.highest() + 1,
                now.lastCalled(),
                copy.nodeId(),
                copy.clusterId(),
                copy.lineage(),
                agents);
        PromiseBook.Answer answer = now.answer("this agent", request, own);
        if (!save(answer.book())) {
            return new Proposal(null, HealRefusal.STATE_NOT_SAVED, BookStore.FILE);
        }
        return new Proposal(answer.refusal() == null ? request : null, answer.refusal(), answer.detail());
    }

    /** Gives up every own epoch that was not called; {@return what to tell the others, null if there is nothing} */
    synchronized PeerRequest.@Nullable Release abandon() {
        PromiseBook now = book;
        if (now == null || now.lastOwn() <= now.lastCalled() || !save(now.abandoned())) {
            return null;
        }
        return new PeerRequest.Release(now.identity(), now.lastCalled(), now.lastOwn());
    }

    /** Records that the engine is about to be called; {@return why it must not be, or null if it may} */
    synchronized @Nullable HealRefusal begin(long epoch, String nodeId) {
        PromiseBook now = book;
        if (now == null) {
            return HealRefusal.PROMISES_UNREADABLE;
        }
        if (!now.holds(epoch, nodeId)) {
            return HealRefusal.EPOCH_PASSED;
        }
        return save(now.called(epoch, nodeId)) ? null : HealRefusal.STATE_NOT_SAVED;
    }

    /** The same without anybody's promise, where the policy needs none; {@return false if it could not be recorded} */
    public synchronized boolean beginUnpromised(String nodeId) {
        PromiseBook now = book;
        // Without a readable book no promise is broken knowingly, and here an epoch is but a label.
        return now == null || save(now.called(now.highest() + 1, nodeId));
    }

    /** Takes note that a copy of the cluster was seen which comes from a force. */
    public synchronized void learned(String clusterId, long epoch) {
        PromiseBook now = book;
        if (now != null) {
            save(now.learned(clusterId, epoch));
        }
    }

    /** Takes note of an epoch, so that the next proposal is greater. */
    synchronized void heardOf(long epoch) {
        PromiseBook now = book;
        if (now != null && epoch <= PeerRequest.Promise.MAX_EPOCH) {
            // In memory alone: no promise depends on it.
            book = now.heardOf(epoch);
        }
    }

    /** {@return the agent that was promised something within that time, or empty} For policies that heed it without needing any. */
    public synchronized String promisedTo(Duration within) {
        Grant last = book == null ? null : book.lastToAnother();
        return last != null && clock.nanos() - givenNanos < within.toNanos() ? last.holder() : "";
    }

    private boolean save(PromiseBook changed) {
        if (changed.equals(book)) {
            return true;
        }
        try {
            store.replace(BookFormat.write(changed));
            book = changed;
            return true;
        } catch (IOException e) {
            LOG.warn("Swarm: cannot save what was promised: {}", e.toString());
            return false;
        }
    }
}
