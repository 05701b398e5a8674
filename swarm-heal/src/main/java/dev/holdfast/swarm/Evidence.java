package dev.holdfast.swarm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the world outside this host.
 *
 * @param gatheredNanos when the latest probes were started, on the healer's clock
 * @param sightings each probed manager, with the time it last answered
 * @param witnesses the answer of every witness
 */
public record Evidence(long gatheredNanos, Map<Endpoint, Sighting> sightings, List<WitnessProbe.Answer> witnesses) {

    /**
     * The probes of one manager.
     *
     * @param everAnswered whether it answered at all since this node began to ask
     * @param lastAnsweredNanos meaningless unless {@code everAnswered}
     * @param through the agent that reached it where this host did not; empty if this host did
     * @param backNanos since when it answers again, if it was silent before for longer than a lost packet explains; else null
     */
    public record Sighting(
            boolean everAnswered,
            long lastAnsweredNanos,
            String through,
            @Nullable Long backNanos) {

        /** It never answered. */
        public static final Sighting NEVER = new Sighting(false, 0, "", null);

        /** {@return that it answered just now} */
        public static Sighting at(long nanos) {
            return new Sighting(true, nanos, "", null);
        }

        /** {@return whether it answered within the last {@code windowNanos}} */
        boolean within(long nowNanos, long windowNanos) {
            return everAnswered && nowNanos - lastAnsweredNanos < windowNanos;
        }
    }

    /** Copies the collections. */
    public Evidence {
        sightings = Map.copyOf(sightings);
        witnesses = List.copyOf(witnesses);
    }
}
