package dev.holdfast.vrrp.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** A secret that routers sign their advertisements with, and the number that a trailer calls it by. */
public final class HmacKey {
    /** The fewest bytes of a key, so that guessing stays hopeless. */
    public static final int MIN_LENGTH = 32;

    /** The most bytes of a key: one block of SHA-256, what is longer would be hashed first. */
    public static final int MAX_LENGTH = 64;

    /** What {@link #parse} accepts. */
    public static final String ACCEPTED = "32..64 bytes of text, or hex: and 64..128 hexadecimal digits";

    private static final String HEX = "hex:";

    private final int id;
    private final byte[] secret;

    /**
     * @param id 1..255
     * @param secret 32..64 bytes
     * @throws IllegalArgumentException if one of them is not; the message does not quote the secret
     */
    public HmacKey(int id, byte[] secret) {
        if (id < 1 || id > 255) {
            throw new IllegalArgumentException("the id of an HMAC key must be 1..255, not " + id);
        }
        if (secret.length < MIN_LENGTH || secret.length > MAX_LENGTH) {
            throw new IllegalArgumentException("HMAC key " + id + " must have 32..64 bytes, not " + secret.length);
        }
        this.id = id;
        this.secret = secret.clone();
    }

    /**
     * The key that a configuration says: {@code hex:} and pairs of hexadecimal digits, or else the text's own bytes (UTF-8).
     *
     * @throws IllegalArgumentException if it is no key; the message does not quote the text
     */
    public static HmacKey parse(int id, String text) {
        if (!text.startsWith(HEX)) {
            return new HmacKey(id, text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] secret;
        try {
            secret = HexFormat.of().parseHex(text.substring(HEX.length()));
        } catch (IllegalArgumentException e) {
            // Without its cause, which quotes a piece of the text.
            throw new IllegalArgumentException(
                    "HMAC key " + id + " has something else than pairs of hexadecimal digits");
        }
        return new HmacKey(id, secret);
    }

    /** The number in the trailer, 1..255. */
    public int id() {
        return id;
    }

    byte[] secret() {
        return secret.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HmacKey key && id == key.id && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return 31 * id + Arrays.hashCode(secret);
    }

    /** Names the id alone, so that a log or a dump never shows the secret. */
    @Override
    public String toString() {
        return "HmacKey[" + id + ", ********]";
    }
}
