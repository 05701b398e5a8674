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

        /** Whether it is worth a little CPU time that {@link #expire} comes at the very moment. */
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

    private final long leadNanos;

    private Entry[] heap = new Entry[16];

    /**
     * The heap's order: never later than what {@link #key} says. Beside the entries, so that comparing stays in a few lines
     * of the cache.
     */
    private long[] keys = new long[16];

    private int size;

    /** @param leadNanos so long before its deadline a pressing entry is approached; 0 or more */
    DeadlineQueue(long leadNanos) {
        this.leadNanos = leadNanos;
    }

    /** Takes notice that an entry's deadline may be an earlier one, or the first, or that it is pressing now. */
    void update(Entry entry) {
        long key = key(entry, entry.deadlineNanos());
        if (entry.index == Entry.NOT_QUEUED) {
            if (key != Long.MAX_VALUE) {
                if (size == heap.length) {
                    heap = Arrays.copyOf(heap, size * 2);
                    keys = Arrays.copyOf(keys, size * 2);
                }
                size++;
                up(entry, key, size - 1);
            }
        } else if (key < keys[entry.index]) {
            up(entry, key, entry.index);
        }
    }

    /** When it wants something: a pressing one that it is approached, the others that they expire. */
    private long key(Entry entry, long deadline) {
        long wanted = deadline != Long.MAX_VALUE && entry.isPressing() ? deadline - leadNanos : deadline;
        return Math.max(wanted, entry.retryAtNanos);
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

    /** When to look at it again, or a little before; {@link Long#MAX_VALUE} if nothing waits. */
    long earliest() {
        return size == 0 ? Long.MAX_VALUE : keys[0];
    }

    /**
     * Looks whether it is a pressing entry's turn, and tells it so if its deadline is still to come. Deadlines that have
     * moved are looked up, none expires.
     *
     * @return its deadline; not after {@code now}: there is none to wait for
     */
    long approach(long now) {
        while (size > 0 && keys[0] <= now) {
            Entry entry = heap[0];
            if (!moved(entry, now)) {
                long deadline = entry.isPressing() ? entry.deadlineNanos() : Long.MIN_VALUE;
                if (now < deadline) {
                    entry.approach(now);
                }
                return deadline;
            }
        }
        return Long.MIN_VALUE;
    }

    /** Expires what is due, up to a pressing entry that is to be approached first. */
    void expireDue(long now) {
        while (size > 0 && keys[0] <= now) {
            Entry entry = heap[0];
            if (entry.deadlineNanos() <= now) {
                entry.expire(now);
                if (entry.index != Entry.NOT_QUEUED) {
                    long deadline = entry.deadlineNanos();
                    entry.retryAtNanos = deadline <= now ? now + RETRY_NANOS : Long.MIN_VALUE;
                    move(entry, key(entry, deadline));
                }
            } else if (!moved(entry, now)) {
                return;
            }
        }
    }

    /** Whether it wants nothing yet; then it has its new place. */
    private boolean moved(Entry entry, long now) {
        long key = key(entry, entry.deadlineNanos());
        if (key <= now) {
            return false;
        }
        move(entry, key);
        return true;
    }

    private void move(Entry entry, long key) {
        if (key == Long.MAX_VALUE) {
            remove(entry);
        } else {
            up(entry, key, entry.index);
            down(entry, key, entry.index);
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
