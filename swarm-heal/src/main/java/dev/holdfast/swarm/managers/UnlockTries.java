package dev.holdfast.swarm.managers;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.StateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How often a key was tried, kept in {@code unlock.json}, so that an agent that is started again and again does not try again and again.
 *
 * @param key tells the key from another and says nothing of it; empty before the first try
 */
record UnlockTries(String key, int count) {

    static final String FILE = "unlock.json";
    static final UnlockTries NONE = new UnlockTries("", 0);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@return 32 bits of the key's hash: enough to tell two keys apart, and nothing beside the key's own 256 bits} */
    static String fingerprint(Secret key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(key.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    int of(String fingerprint) {
        return key.equals(fingerprint) ? count : 0;
    }

    void write(Path stateDir) throws IOException {
        StateFiles.replace(
                stateDir.resolve(FILE),
                JSON.writeValueAsBytes(JSON.createObjectNode().put("key", key).put("tries", count)));
    }

    /**
     * Reads it; {@link #NONE} if there is none.
     *
     * @throws IOException if it cannot be read or is not what {@link #write} made
     */
    static UnlockTries read(Path stateDir) throws IOException {
        Path file = stateDir.resolve(FILE);
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.path("tries").isInt()) {
                throw new IOException(file + " does not tell how often a key was tried");
            }
            return new UnlockTries(
                    root.path("key").asText(""), root.path("tries").asInt());
        } catch (JacksonException e) {
            throw new IOException(file + " does not tell how often a key was tried: " + e.getOriginalMessage(), e);
        }
    }
}
