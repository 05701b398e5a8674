package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.HealClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the calls that change the Swarm, each with a line in the journal and in the log before and after it, and counts them. */
final class Repairs {

    private static final Logger LOG = LoggerFactory.getLogger(Keepers.class);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 10;

    private final KeepJournal journal;
    private final HealClock clock;
    private final EnumMap<KeepAction, ManagersStatus.Count> counts = new EnumMap<>(KeepAction.class);
    private String answer = "";
    private int failedJoins;

    Repairs(Path stateDir, HealClock clock) {
        this.journal = new KeepJournal(stateDir, clock);
        this.clock = clock;
        for (KeepAction action : KeepAction.values()) {
            counts.put(action, ManagersStatus.Count.NONE);
        }
    }

    /**
     * Makes a call, unless the journal can't be written.
     *
     * @return whether it was made and the engine agreed; what came of it only the next look shows
     */
    boolean perform(KeepPlan.Act act, Supplier<ApiReply<String>> call) {
        String id = UUID.randomUUID().toString();
        String what = act.action().label() + (act.subject().isEmpty() ? "" : " " + act.subject());
        try {
            journal.before(id, act.action(), act.subject(), act.explanation());
        } catch (IOException e) {
            answer = "the journal can't be written: " + e;
            LOG.error("Swarm: {} not done, for {}", what, answer);
            return false;
        }
        LOG.warn("Swarm: {}: {} [{}]", what, act.explanation(), act.reasonLabel());
        ApiReply<String> reply = call.get();
        boolean agreed = reply instanceof ApiReply.Ok<String>;
        if (act.action() == KeepAction.JOIN) {
            failedJoins = agreed ? 0 : failedJoins + 1;
        }
        counts.compute(act.action(), (_, count) -> (count == null ? ManagersStatus.Count.NONE : count).plus(agreed));
        answer = describe(reply);
        if (agreed) {
            LOG.warn("Swarm: {}: {}", what, answer);
        } else {
            LOG.error("Swarm: {} failed: {}", what, answer);
        }
        try {
            journal.after(id, act.action(), agreed, answer);
        } catch (IOException e) {
            LOG.warn("Swarm: cannot write the journal: {}", e.toString());
        }
        return agreed;
    }

    /**
     * {@return how many calls of that kind were begun within the time, also before a restart}
     *
     * @throws IOException if the journal can't be read
     */
    int begun(KeepAction action, Duration within) throws IOException {
        return journal.begun(action, within);
    }

    /** What the engine said to the last call, or why it could not be asked. */
    String answer() {
        return answer;
    }

    /**
     * How long to wait after a join that failed: twice as long as the time before. A manager that the leader takes in, but can't call
     * back, leaves an entry in its list each time.
     */
    Duration pauseBeforeNextJoin() {
        long pause = FIRST_PAUSE.toNanos() << Math.clamp(failedJoins - 1L, 0, MOST_DOUBLINGS);
        return Duration.ofNanos(Math.min(pause, LONGEST_PAUSE.toNanos()));
    }

    long nanos() {
        return clock.nanos();
    }

    Map<KeepAction, ManagersStatus.Count> counts() {
        return Map.copyOf(counts);
    }

    private static String describe(ApiReply<String> reply) {
        return switch (reply) {
            case ApiReply.Ok<String>(String value) -> value;
            case ApiReply.Refused<String>(int status, String message) ->
                "the engine answered " + status + ": " + message;
            case ApiReply.Failed<String>(var fault, String detail) -> fault.label() + ": " + detail;
            case ApiReply.NotAsked<String>() -> "not asked";
        };
    }
}
