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
        Optional<String> user) {}
