package dev.holdfast.agent.notify;

import dev.holdfast.agent.config.Command;
import dev.holdfast.agent.script.ScriptResult;
import dev.holdfast.agent.script.ScriptRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the hooks of one instance or sync group, one at a time and in the order of the transitions, on a virtual thread of its own. At most
 * {@code capacity} transitions wait; beyond that the oldest is dropped and counted, so that the last state always arrives.
 */
final class HookQueue {
    private static final Logger LOG = LoggerFactory.getLogger(HookQueue.class);

    private static final Pattern LEFTOVER = Pattern.compile("^\\.|~$|\\.(?:bak|dpkg-\\w+|rpm(?:new|orig|save)|swp)$");

    /** One transition and what to run for it. */
    private record Job(NotifyEvent event, List<Command> commands) {}

    private final String subject;
    private final int capacity;
    private final Duration limit;
    private final NotifyCounters counters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<Job> jobs = new ArrayDeque<>();
    private final Thread worker;
    private boolean closed;

    HookQueue(String subject, int capacity, Duration limit, NotifyCounters counters) {
        this.subject = subject;
        this.capacity = capacity;
        this.limit = limit;
        this.counters = counters;
        this.worker = Thread.ofVirtual().name("notify-" + subject).start(this::work);
    }

    /** Returns at once. */
    void add(NotifyEvent event, List<Command> commands) {
        boolean dropped = false;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (jobs.size() >= capacity) {
                jobs.removeFirst();
                dropped = true;
            }
            jobs.addLast(new Job(event, commands));
            arrived.signal();
        } finally {
            lock.unlock();
        }
        if (dropped) {
            counters.dropped(subject);
            LOG.warn("({}) more than {} transitions wait for their hooks: the oldest is dropped", subject, capacity);
        }
    }

    /** No more transitions are taken; those that wait still run. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything ran; what has not by then is killed, and what waits is dropped.
     *
     * @param nanos how long to wait; 0 or less: not at all
     */
    void awaitEnd(long nanos) throws InterruptedException {
        if (nanos > 0 && worker.join(Duration.ofNanos(nanos))) {
            return;
        }
        if (worker.isAlive()) {
            LOG.warn("({}) a hook still runs at the end: it is killed", subject);
            worker.interrupt();
            worker.join(TimeUnit.SECONDS.toMillis(1));
        }
    }

    private void work() {
        try {
            for (Optional<Job> job = next(); job.isPresent(); job = next()) {
                for (Command command : job.get().commands()) {
                    run(job.get().event(), command);
                }
            }
        } catch (InterruptedException e) {
            // The end: awaitEnd has run out of patience.
        }
    }

    private Optional<Job> next() throws InterruptedException {
        lock.lock();
        try {
            while (jobs.isEmpty() && !closed) {
                arrived.await();
            }
            return Optional.ofNullable(jobs.pollFirst());
        } finally {
            lock.unlock();
        }
    }

    private void run(NotifyEvent event, Command command) throws InterruptedException {
        if (!Files.isDirectory(command.program())) {
            runOne(event, command);
            return;
        }
        List<String> arguments = command.argv().subList(1, command.argv().size());
        for (Path program : programs(command.program())) {
            runOne(
                    event,
                    new Command(Stream.concat(Stream.of(program.toString()), arguments.stream())
                            .toList()));
        }
    }

    /** The programs of a directory, in the order of their names; hidden files and an editor's or packager's leftovers apart. */
    private List<Path> programs(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .filter(file ->
                            !LEFTOVER.matcher(file.getFileName().toString()).find())
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            counters.ran(subject, false);
            LOG.warn("({}) the hooks in {} can't be listed: {}", subject, directory, e.toString());
            return List.of();
        }
    }

    private void runOne(NotifyEvent event, Command command) throws InterruptedException {
        List<String> argv = Stream.concat(command.argv().stream(), event.arguments().stream())
                .toList();
        ScriptRunner.run(new Command(argv), Optional.empty(), limit, result -> report(event, command, result));
    }

    private void report(NotifyEvent event, Command command, ScriptResult result) {
        counters.ran(subject, result.success());
        if (!result.success()) {
            LOG.warn("({}) hook {} for {} failed: {}", subject, command.program(), event.state(), result.describe());
        } else {
            LOG.debug("({}) hook {} for {} ran", subject, command.program(), event.state());
        }
    }
}
