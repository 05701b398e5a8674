package dev.holdfast.agent.status;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** What happened lately on this host, as far as a person may ask why: a bounded memory, lost with the process. */
public final class Timeline {
    /** How many entries are kept; the oldest give way. */
    public static final int CAPACITY = 200;

    private final Clock clock;
    private final Deque<Entry> entries = new ArrayDeque<>();

    /** What an entry is about. */
    public enum Kind {
        /** An instance entered a state. */
        INSTANCE,
        /** A sync group entered a state. */
        GROUP,
        /** Another host holds a virtual address too, or no longer. */
        CONFLICT,
        /** This node sees the Swarm in another state. */
        SWARM,
        /** Healing decided otherwise, or made a force call. */
        HEALING;

        /** The name in the status, for example {@code instance}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Something that happened.
     *
     * @param at when (wall clock)
     * @param kind what it is about
     * @param subject the instance's or group's name; empty for the Swarm
     * @param what the state entered, or the decision
     * @param reason why, in words or by its name; may be empty
     * @param detail what exactly; may be empty
     */
    public record Entry(Instant at, Kind kind, String subject, String what, String reason, String detail) {}

    /** Empty, by the wall clock. */
    public Timeline() {
        this(Clock.systemUTC());
    }

    Timeline(Clock clock) {
        this.clock = clock;
    }

    /** Remembers something that happens now. Never blocks for long; may be called on the event loop. */
    public synchronized void add(Kind kind, String subject, String what, String reason, String detail) {
        if (entries.size() == CAPACITY) {
            entries.removeLast();
        }
        entries.addFirst(new Entry(clock.instant(), kind, subject, what, reason, detail));
    }

    /** The newest first. */
    public synchronized List<Entry> latest() {
        return List.copyOf(entries);
    }
}
