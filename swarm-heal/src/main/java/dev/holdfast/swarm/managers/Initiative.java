package dev.holdfast.swarm.managers;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.swarm.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who may make the first Swarm, as one agent has it on its disk ({@value #FILE}). A value; {@link BootstrapPolicy} says when it changes,
 * and why that lets no two Swarms come to be.
 *
 * @param nonce names the attempt that it belongs to; empty with {@link Kind#NOBODY}
 * @param holder for people: the agent that has it
 */
record Initiative(Kind kind, String nonce, String holder) {

    /** The kinds. */
    enum Kind {
        /** Nobody has asked for it. */
        NOBODY,
        /** This agent leaves it to another, and has no attempt of its own. */
        YIELDED,
        /** This agent has it, and has not begun. */
        OWN,
        /** This agent has it, and has called its engine, or was about to. */
        BEGUN
    }

    static final String FILE = "bootstrap.json";
    static final Initiative NOBODY = new Initiative(Kind.NOBODY, "", "");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whoever has the initiative keeps it, others take it for an attempt that never was before. */
    Initiative claimed(String self, String freshNonce) {
        return kind == Kind.OWN || kind == Kind.BEGUN ? this : new Initiative(Kind.OWN, freshNonce, self);
    }

    /** Leaves it to another; an attempt of one's own is over for ever. */
    Initiative yieldedTo(String agent, String attempt) {
        if (kind == Kind.BEGUN) {
            throw new IllegalStateException("what has begun is not left to others");
        }
        return new Initiative(Kind.YIELDED, attempt, agent);
    }

    /** {@return whether this agent has it for that attempt} */
    boolean holds(String attempt) {
        return (kind == Kind.OWN || kind == Kind.BEGUN) && nonce.equals(attempt);
    }

    /** The engine is about to be called. */
    Initiative begun() {
        if (kind != Kind.OWN && kind != Kind.BEGUN) {
            throw new IllegalStateException("only one's own attempt begins");
        }
        return new Initiative(Kind.BEGUN, nonce, holder);
    }

    /** The only call of this attempt is over and had no effect. */
    Initiative takenBack() {
        return kind == Kind.BEGUN ? new Initiative(Kind.OWN, nonce, holder) : this;
    }

    void write(Path stateDir) throws IOException {
        StateFiles.replace(
                stateDir.resolve(FILE),
                JSON.writeValueAsBytes(JSON.createObjectNode()
                        .put("kind", kind.name())
                        .put("nonce", nonce)
                        .put("holder", holder)));
    }

    /**
     * Reads it; {@link #NOBODY} if there is none.
     *
     * @throws IOException if it cannot be read or is not what {@link #write} made
     */
    static Initiative read(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        if (!Files.exists(file)) {
            return NOBODY;
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.path("nonce").isTextual()) {
                throw new IOException(file + " cannot be understood");
            }
            return new Initiative(
                    Kind.valueOf(root.path("kind").asText("")),
                    root.path("nonce").asText(),
                    root.path("holder").asText(""));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(file + " cannot be understood", e);
        }
    }
}
