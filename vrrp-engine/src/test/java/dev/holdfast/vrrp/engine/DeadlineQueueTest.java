package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadlineQueueTest {
    private static final long LEAD = 5;

    private final DeadlineQueue queue = new DeadlineQueue(LEAD);
    private final List<Task> expired = new ArrayList<>();
    private final List<Task> told = new ArrayList<>();

    private class Task extends DeadlineQueue.Entry {
        long deadline = Long.MAX_VALUE;
        private long period;
        boolean pressing;

        @Override
        boolean isPressing() {
            return pressing;
        }

        @Override
        void approach(long now) {
            assertThat(deadline).isGreaterThan(now);
            told.add(this);
        }

        @Override
        long deadlineNanos() {
            return deadline;
        }

        @Override
        void expire(long now) {
            assertThat(deadline).isLessThanOrEqualTo(now);
            expired.add(this);
            deadline = period > 0 ? now + period : Long.MAX_VALUE;
        }

        long wakeUp() {
            return pressing && deadline != Long.MAX_VALUE ? deadline - LEAD : deadline;
        }

        void at(long time) {
            deadline = time;
            queue.update(this);
        }
    }

    @Test
    void expiresInTheOrderOfTheDeadlines() {
        Task late = new Task();
        Task early = new Task();
        late.at(20);
        early.at(10);
        assertThat(queue.earliest()).isEqualTo(10);
        queue.expireDue(9);
        assertThat(expired).isEmpty();
        queue.expireDue(30);
        assertThat(expired).containsExactly(early, late);
        assertThat(queue.earliest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void onlyAPressingDeadlineIsWokenUpForAheadOfItsTime() {
        Task task = new Task();
        task.at(100);
        assertThat(queue.earliest()).isEqualTo(100);
        assertThat(queue.approach(99)).isEqualTo(Long.MIN_VALUE);
        task.pressing = true;
        queue.update(task);
        assertThat(queue.earliest()).isEqualTo(95);
        assertThat(queue.approach(94)).isEqualTo(Long.MIN_VALUE);
        assertThat(told).isEmpty();
        assertThat(queue.approach(95)).isEqualTo(100);
        assertThat(told).containsExactly(task);
        queue.expireDue(99);
        assertThat(expired).isEmpty();
        assertThat(queue.approach(100)).as("it is here").isEqualTo(100);
        assertThat(told).containsExactly(task);
        queue.expireDue(100);
        assertThat(expired).containsExactly(task);
        assertThat(queue.earliest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPressingDeadlineThatHasMovedIsNotWaitedFor() {
        Task task = new Task();
        task.pressing = true;
        task.at(100);
        task.at(500);
        Task next = new Task();
        next.pressing = true;
        next.at(103);
        assertThat(queue.approach(100)).isEqualTo(103);
        next.at(Long.MAX_VALUE);
        assertThat(queue.approach(101)).isEqualTo(Long.MIN_VALUE);
        assertThat(told).containsExactly(next);
        assertThat(queue.earliest()).isEqualTo(495);
    }

    @Test
    void whatIsDueBeforeAPressingOneIsApproachedComesFirst() {
        Task ordinary = new Task();
        ordinary.at(94);
        Task pressing = new Task();
        pressing.pressing = true;
        pressing.at(100);
        assertThat(queue.approach(96)).isEqualTo(Long.MIN_VALUE);
        queue.expireDue(96);
        assertThat(expired).containsExactly(ordinary);
        assertThat(queue.approach(96)).isEqualTo(100);
        assertThat(told).containsExactly(pressing);
    }

    /** Else whoever sleeps until the ordinary one misses the moment to get ready. */
    @Test
    void anOrdinaryDeadlineRightBeforeAPressingOneDoesNotHideIt() {
        Task moved = new Task();
        moved.at(98);
        moved.at(Long.MAX_VALUE);
        Task ordinary = new Task();
        ordinary.at(99);
        Task pressing = new Task();
        pressing.pressing = true;
        pressing.at(100);
        assertThat(queue.earliest()).isEqualTo(95);
        assertThat(queue.approach(95)).isEqualTo(100);
        queue.expireDue(100);
        assertThat(expired).containsExactly(pressing, ordinary);
        assertThat(queue.earliest()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aDeadlineThatMovedLaterExpiresAtItsNewTimeAlone() {
        Task task = new Task();
        task.at(10);
        task.at(50);
        queue.expireDue(10);
        assertThat(expired).isEmpty();
        assertThat(queue.earliest()).isEqualTo(50);
        queue.expireDue(50);
        assertThat(expired).containsExactly(task);
    }

    @Test
    void aPeriodicOneComesBack() {
        Task task = new Task();
        task.period = 10;
        task.at(10);
        queue.expireDue(10);
        queue.expireDue(20);
        assertThat(expired).hasSize(2);
        assertThat(queue.earliest()).isEqualTo(30);
    }

    @Test
    void aDeadlineThatStaysInThePastDoesNotHoldUpTheTurn() {
        DeadlineQueue.Entry stuck = new DeadlineQueue.Entry() {
            @Override
            long deadlineNanos() {
                return 5;
            }

            @Override
            void expire(long now) {}
        };
        queue.update(stuck);
        queue.expireDue(10);
        assertThat(queue.earliest()).isGreaterThan(10);
    }

    /** As the timers of an instance do: at the end of each turn all of them are updated. */
    @Test
    void twoThatStayInThePastAndUpdateEachOtherDoNotEither() {
        List<DeadlineQueue.Entry> stuck = new ArrayList<>();
        AtomicInteger turns = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            stuck.add(new DeadlineQueue.Entry() {
                @Override
                long deadlineNanos() {
                    return 5;
                }

                @Override
                void expire(long now) {
                    turns.incrementAndGet();
                    assertThat(turns).hasValueLessThan(10);
                    stuck.forEach(queue::update);
                }
            });
        }
        stuck.forEach(queue::update);
        queue.expireDue(10);
        assertThat(turns).hasValue(2);
        assertThat(queue.earliest()).isGreaterThan(10);
    }

    /** As when a MASTER steps down: its wake-up for the next take-over may lie before those of others, even in the past. */
    @Test
    void oneThatExpiresAndPressesThenComesBeforeThoseThatItUpdated() {
        Task other = new Task();
        other.pressing = true;
        other.at(500);
        Task task = new Task() {
            @Override
            void expire(long now) {
                other.at(104);
                pressing = true;
                deadline = 103;
            }
        };
        task.at(100);
        queue.expireDue(100);
        assertThat(queue.earliest()).isEqualTo(103 - LEAD);
        assertThat(queue.approach(100)).isEqualTo(103);
        assertThat(told).containsExactly(task);
    }

    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithAPlainScan(int seed) {
        Random random = new Random(seed);
        List<Task> tasks = IntStream.range(0, 40).mapToObj(_ -> new Task()).toList();
        long now = 0;
        for (int step = 0; step < 500; step++) {
            Task task = tasks.get(random.nextInt(tasks.size()));
            switch (random.nextInt(4)) {
                case 0 -> {
                    queue.remove(task);
                    task.deadline = Long.MAX_VALUE;
                }
                case 1, 2 -> {
                    task.pressing = random.nextInt(4) == 0;
                    task.at(now + 1 + random.nextInt(100));
                }
                default -> {
                    now = goOn(now, now + random.nextInt(30));
                    long time = now;
                    // What expires before its time fails there; what has expired has no deadline.
                    assertThat(tasks).allMatch(t -> t.deadline > time);
                }
            }
            long earliest = tasks.stream().mapToLong(Task::wakeUp).min().orElseThrow();
            assertThat(queue.earliest()).isLessThanOrEqualTo(earliest);
        }
        assertThat(expired).hasSizeGreaterThan(100);
        assertThat(told).hasSizeGreaterThan(10);
    }

    /** As the event loop does: waits for a pressing one that comes near, and expires what is due. */
    private long goOn(long from, long end) {
        long now = from;
        while (queue.earliest() <= Math.max(now, end)) {
            now = Math.max(now, queue.earliest());
            now = Math.max(now, queue.approach(now));
            queue.expireDue(now);
        }
        return Math.max(now, end);
    }
}
