package dev.holdfast.agent.http;

import java.time.Duration;
import java.util.Optional;

/** Something that changes, and of which only the latest version matters: who is slow misses versions, not memory. */
public interface Feed {
    /**
     * What it was at some time.
     *
     * @param number greater than that of every earlier version
     * @param json on one line
     */
    record Version(long number, String json) {}

    /**
     * Waits for a version later than that one. Called on virtual threads, from several at once.
     *
     * @param than a version's number; 0 takes the first there is
     * @param limit how long to wait
     * @return empty if there was none in time
     */
    Optional<Version> next(long than, Duration limit) throws InterruptedException;
}
