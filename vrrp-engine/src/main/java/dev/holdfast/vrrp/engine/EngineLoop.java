package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.BootClock;
import dev.holdfast.vrrp.engine.ffi.Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for descriptors and for deadlines. Netty's epoll loop watches descriptors of ours directly, without
 * a channel around them, so nothing is allocated between the kernel and {@link Watched}. All deadlines share one timerfd:
 * exact to the timer hardware, and it wakes the loop like any other descriptor.
 */
final class EngineLoop implements Watches {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);
    private static final long STOP_LIMIT_SECONDS = 5;

    /**
     * So long before a pressing deadline the loop wakes up, rehearses, and then watches the clock instead of sleeping. A
     * timer's interrupt and the way through the scheduler and back from epoll_wait take some 50 to 150 us, and code and
     * data that have left the CPU's caches another 50, by which every take-over would be late. It is no busy loop: a
     * BACKUP's deadline moves with each advert that it hears, and comes this close only when there will be a take-over.
     */
    private static final long LEAD_NANOS = 1_000_000;

    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop loop;
    private final DeadlineQueue deadlines = new DeadlineQueue(LEAD_NANOS);
    private Runnable atEndOfTurn = () -> {};
    private @Nullable Timer timer;
    private volatile boolean stopped;

    /**
     * @param threads makes the loop's one thread
     * @throws EngineException if epoll can't be used here
     */
    EngineLoop(ThreadFactory threads) {
        if (!Epoll.isAvailable()) {
            throw new EngineException("epoll is not available: Linux on x86-64 or aarch64 is needed", causeOf());
        }
        this.group = new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory());
        this.loop = group.next();
    }

    private static Throwable causeOf() {
        return Epoll.unavailabilityCause();
    }

    /** The time that everything here goes by, in nanoseconds; it goes on while the host is suspended. */
    static long now() {
        return BootClock.nanos();
    }

    /** What waits for a time; to be touched on the loop alone. */
    DeadlineQueue deadlines() {
        return deadlines;
    }

    /** What every turn ends with; on the loop. */
    void atEndOfTurn(Runnable work) {
        atEndOfTurn = work;
    }

    /** Makes the timer work; once, on the loop. */
    void openTimer(Libc libc, Arena arena) {
        timer = new Timer(libc, arena);
        timer.watch = watch(timer.fd, timer::fired);
    }

    /** Runs a task on the loop; the future completes there. After {@link #shutdown} it fails. */
    <T extends @Nullable Object> CompletableFuture<T> call(Callable<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Runnable turn = () -> {
            try {
                T result = task.call();
                endTurn();
                future.complete(result);
            } catch (Throwable t) {
                endTurn();
                future.completeExceptionally(t);
            }
        };
        try {
            if (stopped) {
                throw new RejectedExecutionException("stopped");
            }
            loop.execute(turn);
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(new EngineException("the engine is stopped", e));
        }
        return future;
    }

    /** On the loop alone. */
    @Override
    public Watch watch(int fd, Runnable onReadable) {
        Watched watch = new Watched(fd, onReadable);
        loop.register(watch).addListener(registered -> {
            if (registered.isSuccess()) {
                watch.start((IoRegistration) registered.getNow());
            } else {
                LOG.error("descriptor {} can't be watched", fd, registered.cause());
            }
        });
        return watch;
    }

    /** Sets the timer for the earliest deadline, too. */
    private void endTurn() {
        atEndOfTurn.run();
        Timer running = timer;
        if (running != null) {
            running.arm(deadlines.earliest());
        }
    }

    /** Ends the thread; what is still to be closed must be closed by a task before. Does not wait. */
    CompletableFuture<Void> shutdown() {
        stopped = true;
        CompletableFuture<Void> done = new CompletableFuture<>();
        group.shutdownGracefully(0, STOP_LIMIT_SECONDS, TimeUnit.SECONDS).addListener(f -> done.complete(null));
        return done;
    }

    /** Whether the calling thread is the loop's. */
    boolean isCurrentThread() {
        return loop.inEventLoop();
    }

    /** A watched descriptor. */
    final class Watched implements EpollIoHandle, Watch {
        private final FileDescriptor fd;
        private final Runnable onReadable;
        private @Nullable IoRegistration registration;
        private boolean ended;

        private Watched(int fd, Runnable onReadable) {
            this.fd = new FileDescriptor(fd);
            this.onReadable = onReadable;
        }

        private void start(IoRegistration made) {
            registration = made;
            if (ended) {
                made.cancel();
            } else {
                made.submit(EpollIoOps.EPOLLIN);
            }
        }

        @Override
        public FileDescriptor fd() {
            return fd;
        }

        @Override
        public void handle(IoRegistration source, IoEvent event) {
            if (ended) {
                return;
            }
            try {
                onReadable.run();
            } catch (RuntimeException e) {
                // One bad turn must not end the loop; what it was about has been told where it happened.
                LOG.error("a turn of the event loop failed", e);
            }
            endTurn();
        }

        @Override
        public void end() {
            ended = true;
            IoRegistration made = registration;
            if (made != null && made.isValid()) {
                made.cancel();
            }
        }

        /** Netty is closing down: the descriptor's owner closes it. */
        @Override
        public void close() {
            end();
        }
    }

    /** The timerfd that carries the earliest deadline. */
    private final class Timer {
        private final Libc libc;
        private final int fd;
        private final MemorySegment setting;
        private @Nullable Watch watch;
        private long armedNanos = Long.MAX_VALUE;
        private boolean fired;

        Timer(Libc libc, Arena arena) {
            this.libc = libc;
            this.setting = arena.allocate(Layouts.ITIMERSPEC);
            this.fd = SystemCallException.check(
                    "a timer cannot be made", libc.timerfdCreate(BootClock.ID, Linux.TFD_NONBLOCK | Linux.TFD_CLOEXEC));
        }

        void fired() {
            fired = true;
            long pressing = deadlines.approach(now());
            long now = now();
            while (now < pressing) {
                Thread.onSpinWait();
                now = now();
            }
            deadlines.expireDue(now);
        }

        /**
         * A deadline that moved to a later time leaves the timer as it is: one early wake-up costs less than a system call
         * for each advertisement. Setting a timer that has fired also clears its readiness, so it is never read.
         */
        void arm(long deadline) {
            if (!fired && deadline >= armedNanos) {
                return;
            }
            armedNanos = deadline;
            fired = false;
            Layouts.setItimerspec(setting, deadline == Long.MAX_VALUE ? 0 : Math.max(1, deadline));
            Libc.timerfdSettime(fd, Linux.TFD_TIMER_ABSTIME, setting);
        }

        void close() {
            if (watch != null) {
                watch.end();
            }
            libc.close(fd);
        }
    }

    /** Ends the timer; on the loop, before {@link #shutdown}. */
    void closeTimer() {
        if (timer != null) {
            timer.close();
            timer = null;
        }
    }
}
