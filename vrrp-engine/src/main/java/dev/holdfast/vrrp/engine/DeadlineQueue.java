package dev.holdfast.vrrp.engine;

import java.util.Arrays;

/**
 * A heap of deadlines that allocates nothing once it has its size. A deadline that moves to a later time costs nothing
 * until the old one comes: a BACKUP's timer moves with every advertisement and almost never expires.
 */
final class DeadlineQueue {
    /** Something that waits for a time. */
    abstract static class Entry {
        private static final int NOT_QUEUED = -1;

        private int index = NOT_QUEUED;

        /** Not before this time, whoever updates it: entries that update each other must not keep each other going. */
        private long retryAtNanos = Long.MIN_VALUE;

        /** When {@link #expire} is due; {@link Long#MAX_VALUE}: not at all. */
        abstract long deadlineNanos();

        /** Whether it is worth a little CPU time that {@link #expire} comes at the very moment; may change at any time. */
        boolean isPressing() {
            return false;
        }

        /** Told shortly before a pressing deadline. */
        void approach(long now) {}

        /** The deadline has come; must not throw. */
        abstract void expire(long now);
    }

    /** A deadline that still lies in the past after its expiry is looked at again after this time, not at once. */
    private static final long RETRY_NANOS = 1_000_000;

    /** So many below each: a flat heap moves fewer entries. */
    private static final int WIDTH = 4;

    private Entry[] heap = new Entry[16];

    /**
     * The heap's order: never later than the entry's deadline, but for one that is tried again. Beside the entries, so that
     * comparing stays in a few lines of the cache.
     */
    private long[] keys = new long[16];

    private int size;

    /** Takes notice that an entry's deadline may be an earlier one, or the first. */
    void update(Entry entry) {
        long deadline = Math.max(entry.deadlineNanos(), entry.retryAtNanos);
        if (entry.index == Entry.NOT_QUEUED) {
            if (deadline != Long.MAX_VALUE) {
                if (size == heap.length) {
                    heap = Arrays.copyOf(heap, size * 2);
                    keys = Arrays.copyOf(keys, size * 2);
                }
                size++;
                up(entry, deadline, size - 1);
            }
        } else if (deadline < keys[entry.index]) {
            up(entry, deadline, entry.index);
        }
    }

    /** Forgets the entry. */
    void remove(Entry entry) {
        int index = entry.index;
        if (index == Entry.NOT_QUEUED) {
            return;
        }
        entry.index = Entry.NOT_QUEUED;
        size--;
        // The slot keeps its reference until it is needed again: clearing it is not worth a nullable array.
        Entry last = heap[size];
        if (index != size) {
            long key = keys[size];
            up(last, key, index);
            down(last, key, last.index);
        }
    }

    /** No later than the earliest deadline; {@link Long#MAX_VALUE} if nothing waits. */
    long earliest() {
        return size == 0 ? Long.MAX_VALUE : keys[0];
    }

    /**
     * When whoever waits for the earliest deadline should wake up: a lead before it, if it is pressing.
     * {@link Long#MAX_VALUE} if nothing waits.
     */
    long wakeUp(long leadNanos) {
        long earliest = earliest();
        return earliest != Long.MAX_VALUE && heap[0].isPressing() ? earliest - leadNanos : earliest;
    }

    /**
     * Looks whether the first of all is a pressing one that comes within a lead, and tells it so. Deadlines that have moved
     * are looked up, none expires.
     *
     * @return when it comes; not after {@code now}: there is none such
     */
    long approach(long now, long leadNanos) {
        long pressing = pressingBefore(now + leadNanos);
        if (now < pressing) {
            heap[0].approach(now);
        }
        return pressing;
    }

    private long pressingBefore(long limit) {
        while (size > 0 && keys[0] < limit) {
            Entry entry = heap[0];
            long key = keys[0];
            long deadline = entry.deadlineNanos();
            if (deadline <= key) {
                return entry.isPressing() ? key : Long.MIN_VALUE;
            }
            if (deadline == Long.MAX_VALUE) {
                remove(entry);
            } else {
                down(entry, deadline, 0);
            }
        }
        return Long.MIN_VALUE;
    }

    /** Expires everything that is due. */
    void expireDue(long now) {
        while (size > 0 && keys[0] <= now) {
            Entry entry = heap[0];
            if (entry.deadlineNanos() <= now) {
                entry.expire(now);
            }
            if (entry.index == Entry.NOT_QUEUED) {
                continue;
            }
            long deadline = entry.deadlineNanos();
            if (deadline == Long.MAX_VALUE) {
                remove(entry);
            } else {
                entry.retryAtNanos = deadline <= now ? now + RETRY_NANOS : Long.MIN_VALUE;
                down(entry, Math.max(deadline, entry.retryAtNanos), entry.index);
            }
        }
    }

    private void up(Entry entry, long key, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / WIDTH;
            if (keys[parent] <= key) {
                break;
            }
            place(heap[parent], keys[parent], index);
            index = parent;
        }
        place(entry, key, index);
    }

    private void down(Entry entry, long key, int from) {
        int index = from;
        while (true) {
            int first = WIDTH * index + 1;
            int least = index;
            long leastKey = key;
            for (int child = first; child < Math.min(first + WIDTH, size); child++) {
                if (keys[child] < leastKey) {
                    least = child;
                    leastKey = keys[child];
                }
            }
            if (least == index) {
                break;
            }
            place(heap[least], leastKey, index);
            index = least;
        }
        place(entry, key, index);
    }

    private void place(Entry entry, long key, int index) {
        heap[index] = entry;
        keys[index] = key;
        entry.index = index;
    }
}
