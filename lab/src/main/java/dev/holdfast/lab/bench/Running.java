package dev.holdfast.lab.bench;

import dev.holdfast.lab.LabException;
import dev.holdfast.lab.LabProcess;
import java.time.Duration;

/** A started contender. */
interface Running extends AutoCloseable {
    Duration STOP_LIMIT = Duration.ofSeconds(20);

    /** Its process; helpers it forks are descendants. */
    LabProcess process();

    /**
     * How often its instances have entered a state since it started, by its own account.
     *
     * @param state {@code MASTER}, {@code BACKUP} or {@code FAULT}
     */
    int timesEntered(String state);

    /** What its processes have used so far. */
    default Usage usage() {
        if (!process().isAlive()) {
            throw new LabException(process().name() + " has ended: " + process().log());
        }
        return Usage.of(process().pid());
    }

    /** Ends it as an administrator would, so that it takes its addresses away. */
    default void stop() {
        process().signal("TERM");
        process().awaitExit(STOP_LIMIT);
    }

    @Override
    default void close() {
        process().close();
    }
}
