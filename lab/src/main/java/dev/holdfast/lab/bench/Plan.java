package dev.holdfast.lab.bench;

import java.time.Duration;

/**
 * How long and how often is measured.
 *
 * @param trials take-overs from one pair of processes
 * @param freshTrials take-overs that are the first ones of their processes
 * @param handOvers planned hand-overs
 * @param load how long many adverts are sent
 * @param busy how long the cores are kept busy
 * @param kills how often a MASTER is killed
 * @param starts how often a start is timed
 * @param memory after which time the memory is read
 * @param heals how often a Swarm loses managers
 * @param healWatch after which time from their return the Swarm is looked at
 */
record Plan(
        int trials,
        int freshTrials,
        int handOvers,
        Duration load,
        Duration busy,
        int kills,
        int starts,
        Duration memory,
        int heals,
        Duration healWatch) {
    /** What the goals are stated for. */
    static final Plan FULL = new Plan(
            100,
            100,
            10,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            5,
            10,
            Duration.ofMinutes(5),
            3,
            Duration.ofMinutes(5));

    /** A first impression. */
    static final Plan QUICK = new Plan(
            15,
            3,
            2,
            Duration.ofSeconds(15),
            Duration.ofSeconds(20),
            1,
            5,
            Duration.ofSeconds(30),
            1,
            Duration.ofMinutes(2));
}
