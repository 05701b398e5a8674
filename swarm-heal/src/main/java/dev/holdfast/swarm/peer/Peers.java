package dev.holdfast.swarm.peer;

import java.time.Duration;
import java.util.List;

/** The other agents, as healing sees them. Every method may be called from any thread. */
public interface Peers {

    /** There is no channel: nobody can be asked. */
    Peers NONE = new Peers() {
        @Override
        public int configured() {
            return 0;
        }

        @Override
        public List<Heard> heard() {
            return List.of();
        }

        @Override
        public PeerReply ask(String agent, PeerRequest request, Duration within) {
            return new PeerReply.NoAnswer("there is no channel between the agents");
        }
    };

    /**
     * A report, and when it came.
     *
     * @param atNanos on {@link System#nanoTime()}
     */
    record Heard(AgentReport report, long atNanos) {}

    /** {@return how many agents the configuration names, this one included; 0 if there is no channel, or nobody is named} */
    int configured();

    /**
     * {@return whether this agent is one of those that {@link #configured()} counts} Others are heard and may be asked, but
     * belong to no majority.
     */
    default boolean counts(String agent) {
        return configured() > 0;
    }

    /**
     * Who the agents are, as far as it is known.
     *
     * @param self this agent's name, empty if there is no channel
     * @param address this agent's own among the configured addresses, empty if it is not there
     * @param silent the others that count and are not heard now, by name or address, and why
     */
    record Roster(String self, String address, List<String> silent) {

        /** Nobody is known. */
        public static final Roster NONE = new Roster("", "", List.of());

        /** Copies the list. */
        public Roster {
            silent = List.copyOf(silent);
        }
    }

    /** {@return who the agents are} */
    default Roster roster() {
        return Roster.NONE;
    }

    /** {@return the latest report of every other agent that was ever heard since this one started, in the order of their names} */
    List<Heard> heard();

    /**
     * Asks one agent and waits for the answer.
     *
     * @param agent its name, as in {@link AgentReport#agent()}
     * @param within how long at most
     * @return {@link PeerReply.NoAnswer} if none came in time; throws nothing
     */
    PeerReply ask(String agent, PeerRequest request, Duration within);
}
