package dev.holdfast.swarm;

/** Asks a witness; a port, so that the agent can ask by better means (ARP through its own raw sockets). */
@FunctionalInterface
public interface WitnessProbe {

    /** Asks once, within about two seconds. Throws nothing: a failure is an outcome. Called from several threads at once. */
    Answer ask(Witness witness);

    /** What came of it. */
    enum Outcome {
        /** It answered. */
        ANSWERED,
        /** It did not. */
        SILENT,
        /** There is nobody to ask: this host has no default gateway. */
        ABSENT,
        /** It is an address of this host, which would answer also on an island. */
        SELF
    }

    /**
     * An answer.
     *
     * @param witness who was asked
     * @param detail which address, and how it answered or failed
     */
    record Answer(Witness witness, Outcome outcome, String detail) {}
}
