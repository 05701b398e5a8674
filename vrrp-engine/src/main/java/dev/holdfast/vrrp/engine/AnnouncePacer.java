package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.FrameBudget;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the announcements of all instances out on their links, no faster than the host's limit and the interfaces' intervals
 * allow. Those that have to wait go in their order, but what the neighbours don't know yet goes before what they have been
 * told; nothing is left out.
 */
final class AnnouncePacer extends DeadlineQueue.Entry {
    /** Who announces; the results are how many frames it took, 0 if it is not true any more. */
    interface Voice {
        /** Announces an address. */
        int say(VipAddress vip);

        /** The same after a wait, in which much may have happened. */
        int sayInTurn(VipAddress vip);
    }

    /** One address to be announced for one instance. */
    record Waiting(Voice voice, VipAddress vip, long intervalNanos) {}

    private record LaneKey(String interfaceName, IpFamily family) {}

    /** Gratuitous ARP, or neighbour advertisements, on one interface. */
    private static final class Lane {
        private final ArrayDeque<Waiting> news = new ArrayDeque<>();
        private final ArrayDeque<Waiting> repetitions = new ArrayDeque<>();
        private long freeAtNanos = Long.MIN_VALUE;

        boolean isEmpty() {
            return news.isEmpty() && repetitions.isEmpty();
        }
    }

    private final DeadlineQueue deadlines;
    private final FrameBudget budget = new FrameBudget(FrameBudget.DEFAULT_PER_SECOND);
    private final Map<LaneKey, Lane> lanes = new LinkedHashMap<>();

    AnnouncePacer(DeadlineQueue deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * The limit for this host.
     *
     * @throws IllegalArgumentException if it is out of range, see {@link FrameBudget}
     */
    void limit(int framesPerSecond) {
        budget.limit(framesPerSecond);
        deadlines.update(this);
    }

    /** Announces at once if nothing is in the way, else in its turn. The instance is in a turn of its own, and MASTER. */
    void announce(long now, boolean news, String interfaceName, Waiting announcement) {
        Lane lane = lanes.computeIfAbsent(
                new LaneKey(interfaceName, announcement.vip().address().family()), _ -> new Lane());
        boolean first = news ? lane.news.isEmpty() : lane.isEmpty();
        if (first && lane.freeAtNanos <= now && budget.readyNanos() <= now) {
            sent(now, lane, announcement, announcement.voice().say(announcement.vip()));
        } else {
            (news ? lane.news : lane.repetitions).add(announcement);
            deadlines.update(this);
        }
    }

    private void sent(long now, Lane lane, Waiting announcement, int frames) {
        if (frames > 0) {
            budget.spend(now, frames);
            lane.freeAtNanos = now + announcement.intervalNanos();
        }
    }

    /** Forgets what an instance still had to say. */
    void forget(Voice voice) {
        for (Lane lane : lanes.values()) {
            lane.news.removeIf(waiting -> waiting.voice().equals(voice));
            lane.repetitions.removeIf(waiting -> waiting.voice().equals(voice));
        }
    }

    /** Whether something of an instance waits. */
    boolean isBehind(Voice voice) {
        return lanes.values().stream()
                .anyMatch(lane -> contains(lane.news, voice) || contains(lane.repetitions, voice));
    }

    private static boolean contains(Collection<Waiting> queue, Voice voice) {
        return queue.stream().anyMatch(waiting -> waiting.voice().equals(voice));
    }

    @Override
    long deadlineNanos() {
        long free = Long.MAX_VALUE;
        for (Lane lane : lanes.values()) {
            if (!lane.isEmpty()) {
                free = Math.min(free, lane.freeAtNanos);
            }
        }
        return free == Long.MAX_VALUE ? free : Math.max(free, budget.readyNanos());
    }

    @Override
    void expire(long now) {
        while (budget.readyNanos() <= now) {
            Lane lane = next(now, true);
            boolean news = lane != null;
            if (lane == null) {
                lane = next(now, false);
            }
            if (lane == null) {
                return;
            }
            Waiting waiting = (news ? lane.news : lane.repetitions).remove();
            sent(now, lane, waiting, waiting.voice().sayInTurn(waiting.vip()));
        }
    }

    private @Nullable Lane next(long now, boolean news) {
        for (Lane lane : lanes.values()) {
            if (lane.freeAtNanos <= now && !(news ? lane.news : lane.repetitions).isEmpty()) {
                return lane;
            }
        }
        return null;
    }
}
