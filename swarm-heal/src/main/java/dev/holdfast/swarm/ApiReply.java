package dev.holdfast.swarm;

/**
 * What came of one request to the engine's API. Failures are values here, since each kind of failure means something
 * different for healing.
 *
 * @param <T> the body of a good answer
 */
public sealed interface ApiReply<T> {

    /** A 2xx answer. */
    record Ok<T>(T value) implements ApiReply<T> {}

    /**
     * The engine answered with an error.
     *
     * @param status the HTTP status, 300 to 599
     * @param message the engine's own words
     */
    record Refused<T>(int status, String message) implements ApiReply<T> {}

    /** There is no answer of the engine. */
    record Failed<T>(EngineFault fault, String detail) implements ApiReply<T> {}

    /** The question was not asked, because an earlier answer made it needless. */
    record NotAsked<T>() implements ApiReply<T> {}
}
