package dev.holdfast.peer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** What all agents of a cluster know and nobody else. It must be random: whoever connects can try guesses at leisure. */
public final class ClusterSecret {
    /** The fewest bytes. */
    public static final int MIN_LENGTH = 32;

    /** The most bytes. */
    public static final int MAX_LENGTH = 1024;

    /** What {@link #parse} accepts. */
    public static final String ACCEPTED =
            "32..1024 bytes of text, or hex: and 64..2048 hexadecimal digits (openssl rand -hex 32 makes one)";

    private static final String HEX = "hex:";

    private final byte[] bytes;

    private ClusterSecret(byte[] bytes) {
        if (bytes.length < MIN_LENGTH || bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a secret must have 32..1024 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /**
     * {@code hex:} and pairs of hexadecimal digits, or else the text's own bytes (UTF-8).
     *
     * @throws IllegalArgumentException if it is no secret; the message does not quote the text
     */
    public static ClusterSecret parse(String text) {
        if (!text.startsWith(HEX)) {
            return new ClusterSecret(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(text.substring(HEX.length()));
        } catch (IllegalArgumentException e) {
            // Without its cause, which quotes a piece of the text.
            throw new IllegalArgumentException("the secret has something else than pairs of hexadecimal digits");
        }
        return new ClusterSecret(bytes);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterSecret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Shows nothing, so that a log or a dump never shows the secret. */
    @Override
    public String toString() {
        return "ClusterSecret[********]";
    }
}
