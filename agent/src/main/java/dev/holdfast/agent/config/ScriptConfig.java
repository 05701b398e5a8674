package dev.holdfast.agent.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A program that is run again and again; exit status 0 means that what it checks is up.
 *
 * @param name unique among the scripts
 * @param command what is run
 * @param interval from one start to the next, 10 ms..1 d; default 1 s
 * @param timeout when a run counts as failed, 10 ms..1 d; default: the interval
 * @param rise successes in a row until it counts as up, 1..1000; default 1
 * @param fall failures in a row until it counts as down, 1..1000; default 1
 * @param weight -253..253, unless the tracking instance says otherwise; default 0, which means FAULT while down
 * @param reverse whether it counts the other way round, unless the tracking instance says otherwise; default false
 * @param init what it counts as before its first result; default unknown
 * @param user who runs it; empty: the agent's own user
 */
public record ScriptConfig(
        String name,
        Command command,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        int weight,
        boolean reverse,
        Init init,
        Optional<String> user)
        implements TrackerConfig {

    /** What a script counts as when the agent starts; {@code rise} and {@code fall} results change it as later. */
    public enum Init {
        UP,
        DOWN,
        /** It changes nothing, and the first result counts at once. */
        UNKNOWN
    }

    @Override
    public ScriptConfig withoutWeight() {
        return new ScriptConfig(name, command, interval, timeout, rise, fall, 0, false, init, user);
    }
}
