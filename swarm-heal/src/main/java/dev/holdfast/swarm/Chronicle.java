package dev.holdfast.swarm;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was decided and done: in the journal, in the log, in numbers, and to the listener. Used by the healer's thread alone, but
 * for reading the journal.
 */
final class Chronicle {

    private static final Logger LOG = LoggerFactory.getLogger(SwarmHealer.class);

    /** A line for the journal. */
    @FunctionalInterface
    interface Entry {
        void write(HealJournal journal) throws IOException;
    }

    private final HealJournal journal;
    private final HealClock clock;
    private final HealListener listener;
    private final EnumMap<ForceResult, Long> forces = new EnumMap<>(ForceResult.class);
    private final EnumMap<HealRefusal, Long> refusals = new EnumMap<>(HealRefusal.class);
    private Attempts attempts = Attempts.NONE;
    private boolean loaded;
    private boolean loadFailed;
    private HealPlan plan = new HealPlan.NothingToDo(HealReason.NOT_MASTER, "");
    private boolean firstDecision = true;
    private String lastAnswer = "";

    Chronicle(StateStore store, HealClock clock, HealListener listener) {
        this.journal = new HealJournal(store, clock);
        this.clock = clock;
        this.listener = listener;
        for (ForceResult result : ForceResult.values()) {
            forces.put(result, 0L);
        }
    }

    /**
     * Reads what earlier runs left. Until that has worked, nothing is forced: attempts could be missing.
     *
     * @return whether it has just worked for the first time
     */
    boolean loadOnce(Duration unknownPause) {
        if (loaded) {
            return false;
        }
        try {
            attempts = journal.load(unknownPause);
            loaded = true;
            return true;
        } catch (IOException e) {
            if (!loadFailed) {
                LOG.error("Swarm: cannot read the journal, so nothing will be forced: {}", e.toString());
            }
            loadFailed = true;
            return false;
        }
    }

    boolean isLoaded() {
        return loaded;
    }

    /** The agent died in a force, and now its node leads: the force has succeeded, as far as anybody can tell. */
    void finish(SwarmSnapshot seen) {
        String id = journal.unfinished();
        if (id != null && seen.selfIsLeader() && attempts.last() != null) {
            journal.forgetUnfinished();
            List<Attempts.Call> before = attempts.calls();
            attempts = new Attempts(before.subList(0, before.size() - 1))
                    .with(new Attempts.Call(clock.nanos(), ForceResult.SUCCESS, 0));
            String detail = "the agent ended meanwhile; now this node leads";
            record(j -> j.result(id, ForceResult.SUCCESS, Duration.ZERO, detail));
            LOG.warn("Swarm: the force before the restart has succeeded ({})", detail);
        }
    }

    Attempts attempts() {
        return attempts;
    }

    /** Writes a line that must be on disk before what follows it. */
    void require(Entry entry) throws IOException {
        entry.write(journal);
    }

    /** Writes a line if that is possible. */
    void record(Entry entry) {
        try {
            entry.write(journal);
        } catch (IOException e) {
            LOG.warn("Swarm: cannot write the journal: {}", e.toString());
        }
    }

    /** A force was made and judged. */
    void forced(String id, ForceResult result, long pauseNanos, String detail) {
        attempts = attempts.with(new Attempts.Call(clock.nanos(), result, pauseNanos));
        forces.merge(result, 1L, Long::sum);
        lastAnswer = detail;
        record(j -> j.result(id, result, Duration.ofNanos(pauseNanos), detail));
        if (result == ForceResult.SUCCESS) {
            LOG.warn("Swarm: healed, this node leads ({})", detail);
        } else {
            LOG.error("Swarm: the force did not help ({})", detail);
        }
        tell(() -> listener.forced(result, detail));
    }

    /** {@return what came of the latest force of this run, in words} */
    String lastAnswer() {
        return lastAnswer;
    }

    /** A decision was made. */
    void decided(HealPlan decided, @Nullable SwarmState state, boolean enabled) {
        boolean isNew = firstDecision || !decided.sameDecision(plan);
        plan = decided;
        firstDecision = false;
        if (!isNew) {
            return;
        }
        if (decided instanceof HealPlan.NothingToDo) {
            LOG.info("Swarm: nothing to do: {} [{}]", decided.explanation(), decided.reasonLabel());
        } else {
            LOG.warn("Swarm: {}: {} [{}]", decided.kind(), decided.explanation(), decided.reasonLabel());
        }
        if (decided instanceof HealPlan.Refuse refuse) {
            refusals.merge(refuse.reason(), 1L, Long::sum);
            tell(() -> listener.refused(refuse.reason(), refuse.detail()));
        }
        if (enabled) {
            record(j -> j.decision(decided, state));
        }
        tell(() -> listener.decided(decided));
    }

    HealPlan plan() {
        return plan;
    }

    Map<ForceResult, Long> forces() {
        return forces;
    }

    Map<HealRefusal, Long> refusals() {
        return refusals;
    }

    /** The latest lines of the journal, oldest first. */
    List<String> tail(int lines) throws IOException {
        return journal.tail(lines);
    }

    /** A listener that fails must not come between a decision and its record. */
    static void tell(Runnable message) {
        try {
            message.run();
        } catch (RuntimeException e) {
            LOG.error("Swarm: a listener failed", e);
        }
    }
}
