package dev.holdfast.swarm.managers;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the keepers of managers see and mean to do, for status and metrics.
 *
 * @param mode whether the number of managers is kept
 * @param wanted how many managers there shall be; 0 if the mode is off
 * @param tasks one for each that was looked at, in the order of {@link KeepTask}
 * @param repairs the calls made since the start
 */
public record ManagersStatus(KeepMode mode, int wanted, List<Task> tasks, Map<KeepAction, Count> repairs) {

    /** Copies the collections. */
    public ManagersStatus {
        tasks = List.copyOf(tasks);
        repairs = Map.copyOf(repairs);
    }

    /**
     * One thing that is looked after.
     *
     * @param plan its kind, e.g. {@code wait}
     * @param reason its name
     * @param explanation in words
     * @param waitingUntil null unless it waits
     */
    public record Task(
            KeepTask task,
            String plan,
            String reason,
            String explanation,
            @Nullable Instant waitingUntil) {}

    /** How often the engine agreed to a call, and how often not. */
    public record Count(long succeeded, long failed) {

        /** Never called. */
        public static final Count NONE = new Count(0, 0);

        Count plus(boolean agreed) {
            return agreed ? new Count(succeeded + 1, failed) : new Count(succeeded, failed + 1);
        }
    }
}
