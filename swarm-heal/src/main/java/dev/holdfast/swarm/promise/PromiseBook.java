package dev.holdfast.swarm.promise;

import dev.holdfast.swarm.HealRefusal;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.PeerRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an agent has promised and what it has done itself. Pure and immutable: every step makes another book, which must be on
 * disk before anybody hears of it.
 *
 * <p>The rule that makes it safe: a grant stays until its holder says that it never called, or until the one who asks has a copy
 * that comes from that very force. Time does not end it. So of any two forces the second continues the first.
 *
 * @param identity tells this book from every other, also from one that this agent had and lost
 * @param highest the greatest epoch ever granted or heard of, 0 at first
 * @param lastOwn the epoch this agent last wanted to force in, 0 if it never did
 * @param lastCalled the epoch it last set out to call the engine for, 0 if it never did; not greater than {@code lastOwn}
 * @param calledNode the node it called that for, empty if it never did
 * @param grants those not known to have come to nothing, in the order they were given
 * @param forces the greatest epoch of a force that is known to have happened, by cluster: older copies are promised nothing
 */
public record PromiseBook(
        String identity,
        long highest,
        long lastOwn,
        long lastCalled,
        String calledNode,
        List<Grant> grants,
        SortedMap<String, Long> forces) {

    /** Copies the collections and checks the ranges. */
    public PromiseBook {
        grants = List.copyOf(grants);
        forces = Collections.unmodifiableSortedMap(new TreeMap<>(forces));
        if (identity.isEmpty()) {
            throw new IllegalArgumentException("a book needs an identity");
        }
        if (lastCalled < 0 || lastOwn < lastCalled || highest < lastOwn || highest > PeerRequest.Promise.MAX_EPOCH) {
            throw new IllegalArgumentException(
                    "epochs out of order: highest %d, own %d, called %d".formatted(highest, lastOwn, lastCalled));
        }
        for (Grant grant : grants) {
            requireKnown(grant.epoch(), highest);
        }
        for (long epoch : forces.values()) {
            requireKnown(epoch, highest);
        }
    }

    private static void requireKnown(long epoch, long highest) {
        if (epoch < 1 || epoch > highest) {
            throw new IllegalArgumentException("epoch %d is not in 1 to %d".formatted(epoch, highest));
        }
    }

    /** {@return the book of an agent that never promised anything} */
    public static PromiseBook fresh(String identity) {
        return new PromiseBook(identity, 0, 0, 0, "", List.of(), new TreeMap<>());
    }

    /**
     * What comes of a request.
     *
     * @param book to be on disk before the answer is given
     * @param refusal null if it is promised
     * @param detail why it is refused, in words and numbers
     */
    public record Answer(PromiseBook book, @Nullable HealRefusal refusal, String detail) {}

    /**
     * Promises or refuses. The same request again gets the same promise, since the first answer may have been lost.
     *
     * @param holder the name of the agent that asks
     */
    public Answer answer(String holder, PeerRequest.Promise ask, View own) {
        // Two facts that hold whatever becomes of the request: a force has happened, and others never will.
        PromiseBook known =
                learned(ask.clusterId(), ask.lineage().epoch()).released(ask.identity(), ask.called(), ask.epoch() - 1);
        boolean related = isSame(own.clusterId(), ask.clusterId());
        if (related) {
            Answer bySight = known.bySight(ask, own);
            if (bySight != null) {
                return bySight;
            }
        }
        long forced = known.forced(ask.clusterId());
        if (ask.lineage().epoch() < forced) {
            return known.stale(ask, "there was a force in epoch " + forced);
        }
        for (Grant grant : known.grants) {
            if (blocks(grant, ask)) {
                return new Answer(
                        known,
                        HealRefusal.PROMISE_OUTSTANDING,
                        "epoch " + grant.epoch() + " is promised to " + grant.holder());
            }
        }
        Grant wanted = new Grant(ask.epoch(), ask.identity(), holder, ask.nodeId(), ask.clusterId());
        if (known.grants.contains(wanted)) {
            return new Answer(known, null, "");
        }
        if (ask.epoch() <= known.highest) {
            return new Answer(
                    known, HealRefusal.EPOCH_PASSED, "epoch " + ask.epoch() + " after epoch " + known.highest);
        }
        return new Answer(known.with(wanted, ask.called()), null, "");
    }

    /** What the promiser's own engine says against it. */
    private @Nullable Answer bySight(PeerRequest.Promise ask, View own) {
        SwarmState state = own.state();
        HealRefusal refusal = switch (state) {
            case HAS_LEADER -> HealRefusal.PEER_SEES_LEADER;
            case ELECTING, STARTING -> HealRefusal.PEER_NOT_SURE;
            case NO_LEADER, WORKER, INACTIVE, DOCKER_DOWN, LOCKED, BROKEN -> null;
            case null -> HealRefusal.PEER_NOT_SURE;
        };
        if (refusal != null) {
            return new Answer(this, refusal, state == null ? "not looked lately" : state.name());
        }
        // Where the engine does not run or has no copy any more, what index it had says nothing; the epoch still does.
        boolean newer = state == SwarmState.NO_LEADER
                ? own.lineage().compareTo(ask.lineage()) > 0
                : own.lineage().epoch() > ask.lineage().epoch();
        return newer
                ? stale(
                        ask,
                        "here is epoch " + own.lineage().epoch() + " index "
                                + own.lineage().index())
                : null;
    }

    private Answer stale(PeerRequest.Promise ask, String than) {
        return new Answer(
                this,
                HealRefusal.STALE_COPY,
                "its copy is of epoch " + ask.lineage().epoch() + " index "
                        + ask.lineage().index() + ", " + than);
    }

    /** Not a copy that comes from that force, nor the very node that may have been forced. */
    private static boolean blocks(Grant grant, PeerRequest.Promise ask) {
        return isSame(grant.clusterId(), ask.clusterId())
                && !grant.nodeId().equals(ask.nodeId())
                && ask.lineage().epoch() < grant.epoch();
    }

    /** One that is not known may be the same. */
    private static boolean isSame(String cluster, String other) {
        return cluster.isEmpty() || other.isEmpty() || cluster.equals(other);
    }

    private long forced(String cluster) {
        return forces.entrySet().stream()
                .filter(e -> isSame(e.getKey(), cluster))
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    /** Of what the same holder has called for the same node, the latest says it all: so the book stays short. */
    private PromiseBook with(Grant wanted, long called) {
        Predicate<Grant> done = g -> g.identity().equals(wanted.identity())
                && g.nodeId().equals(wanted.nodeId())
                && g.clusterId().equals(wanted.clusterId())
                && g.epoch() <= called;
        long last = grants.stream().filter(done).mapToLong(Grant::epoch).max().orElse(0);
        List<Grant> all = new ArrayList<>(grants);
        all.removeIf(done.and(g -> g.epoch() < last));
        all.add(wanted);
        boolean mine = wanted.identity().equals(identity);
        return new PromiseBook(
                identity, wanted.epoch(), mine ? wanted.epoch() : lastOwn, lastCalled, calledNode, all, forces);
    }

    /** {@return the book after the holder's word that none of its epochs in {@code (after, through]} was or will be called} */
    public PromiseBook released(String holderIdentity, long after, long through) {
        List<Grant> kept = grants.stream()
                .filter(g -> !(g.identity().equals(holderIdentity) && g.epoch() > after && g.epoch() <= through))
                .toList();
        // Its requests for those epochs may still be on their way.
        return new PromiseBook(identity, Math.max(highest, through), lastOwn, lastCalled, calledNode, kept, forces);
    }

    /** {@return the book after this agent gave up every epoch that it has not called} */
    public PromiseBook abandoned() {
        return released(identity, lastCalled, lastOwn);
    }

    /** {@return the book of an agent that is about to call the engine, with {@code epoch} greater than any it called before} */
    public PromiseBook called(long epoch, String nodeId) {
        if (epoch <= lastCalled) {
            throw new IllegalArgumentException("epoch " + epoch + " does not follow " + lastCalled);
        }
        return new PromiseBook(
                identity, Math.max(highest, epoch), Math.max(lastOwn, epoch), epoch, nodeId, grants, forces);
    }

    /** {@return the book of an agent that knows of a force that has happened; its grants up to there need no more watching} */
    public PromiseBook learned(String cluster, long epoch) {
        if (epoch == 0 || cluster.isEmpty() || epoch <= forces.getOrDefault(cluster, 0L)) {
            return this;
        }
        SortedMap<String, Long> all = new TreeMap<>(forces);
        all.put(cluster, epoch);
        List<Grant> kept = grants.stream()
                .filter(g -> !(g.clusterId().equals(cluster) && g.epoch() <= epoch))
                .toList();
        return new PromiseBook(identity, Math.max(highest, epoch), lastOwn, lastCalled, calledNode, kept, all);
    }

    /** {@return the book of an agent that heard of an epoch, whatever came of it} */
    public PromiseBook heardOf(long epoch) {
        return epoch <= highest
                ? this
                : new PromiseBook(identity, epoch, lastOwn, lastCalled, calledNode, grants, forces);
    }

    /** {@return the grant to another agent that was given last, or null} */
    public @Nullable Grant lastToAnother() {
        return grants.reversed().stream()
                .filter(g -> !g.identity().equals(identity))
                .findFirst()
                .orElse(null);
    }

    /** {@return whether this agent may still call for that epoch: it wants to, has not called, and has not given it up} */
    public boolean holds(long epoch, String nodeId) {
        return epoch > lastCalled
                && grants.stream()
                        .anyMatch(g -> g.identity().equals(identity)
                                && g.epoch() == epoch
                                && g.nodeId().equals(nodeId));
    }
}
