package dev.holdfast.agent.notify;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events that wait for one reader. When it is full the oldest goes, so that the last state always arrives, and the next event
 * says how many are missing before it.
 */
final class Backlog {
    /**
     * What the reader gets.
     *
     * @param lostBefore how many events were dropped right before this one
     */
    record Entry(long lostBefore, StampedEvent event) {}

    private final int capacity;
    private final Runnable lost;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<StampedEvent> waiting = new ArrayDeque<>();
    private long missing;
    private boolean closed;

    /**
     * An empty one.
     *
     * @param lost called once for each event that is dropped
     */
    Backlog(int capacity, Runnable lost) {
        this.capacity = capacity;
        this.lost = lost;
    }

    /** Returns at once. */
    void add(StampedEvent event) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() >= capacity) {
                waiting.removeFirst();
                missing++;
                lost.run();
            }
            waiting.addLast(event);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next event; empty once it is closed and everything was taken. */
    Optional<Entry> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            if (waiting.isEmpty()) {
                return Optional.empty();
            }
            Entry entry = new Entry(missing, waiting.removeFirst());
            missing = 0;
            return Optional.of(entry);
        } finally {
            lock.unlock();
        }
    }

    /** No more events are taken in. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
