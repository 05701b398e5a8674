package dev.holdfast.agent.notify;

import dev.holdfast.agent.config.Command;
import dev.holdfast.agent.config.NotifyConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Turns transitions into runs of the configured hooks. {@link #transition} never blocks and may be called on the event loop. */
public final class Notifier {
    /** How long one hook may run; it is killed with its children then. */
    public static final Duration HOOK_LIMIT = Duration.ofSeconds(60);

    /** How many transitions of an instance may wait for their hooks. */
    public static final int WAITING_TRANSITIONS = 64;

    private final Duration limit;
    private final int capacity;
    private final NotifyCounters counters = new NotifyCounters();
    private final Map<String, HookQueue> queues = new ConcurrentHashMap<>();
    private volatile Map<String, NotifyConfig> hooks = Map.of();

    /** A notifier with the usual limits. */
    public Notifier() {
        this(HOOK_LIMIT, WAITING_TRANSITIONS);
    }

    Notifier(Duration limit, int capacity) {
        this.limit = limit;
        this.capacity = capacity;
    }

    /**
     * From now on these hooks are run, and no others. Those that run or wait are not touched.
     *
     * @param bySubject by {@link NotifyEvent#subject}
     */
    public void replaceHooks(Map<String, NotifyConfig> bySubject) {
        hooks = Map.copyOf(bySubject);
    }

    /**
     * From now on these hooks are run; who is not named keeps theirs. For the time in which a reload stops old
     * instances and starts new ones.
     */
    public void addHooks(Map<String, NotifyConfig> bySubject) {
        Map<String, NotifyConfig> all = new HashMap<>(hooks);
        all.putAll(bySubject);
        hooks = Map.copyOf(all);
    }

    /** Queues what the configuration wants run for this transition. */
    public void transition(NotifyEvent event) {
        List<Command> commands = commands(hooks.getOrDefault(event.subject(), NotifyConfig.NONE), event.state());
        if (!commands.isEmpty()) {
            queues.computeIfAbsent(event.subject(), name -> new HookQueue(name, capacity, limit, counters))
                    .add(event, commands);
        }
    }

    /** The state's own hooks, then those for any. */
    private static List<Command> commands(NotifyConfig config, NotifyEvent.State state) {
        List<Command> own = switch (state) {
            case MASTER -> config.master();
            case BACKUP -> config.backup();
            case FAULT -> config.fault();
            case STOP -> config.stop();
            case MASTER_PRIORITY, BACKUP_PRIORITY -> throw new IllegalArgumentException(state + " is no transition");
        };
        return Stream.concat(own.stream(), config.any().stream()).toList();
    }

    /** What became of the hooks so far. */
    public NotifyTotals totals() {
        return counters.totals();
    }

    /**
     * Runs what waits, takes nothing more, and kills what has not ended in time.
     *
     * @param patience for all hooks of all instances together
     */
    public void close(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<HookQueue> all = new ArrayList<>(queues.values());
        all.forEach(HookQueue::close);
        for (HookQueue queue : all) {
            queue.awaitEnd(deadline - System.nanoTime());
        }
    }
}
