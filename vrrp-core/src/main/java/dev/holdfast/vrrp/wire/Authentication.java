package dev.holdfast.vrrp.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How VRRPv2 advertisements say that they are friendly (RFC 2338 section 5.3.6); version 3 has none of it. */
public sealed interface Authentication {

    /** Type 0: nothing is claimed. */
    record None() implements Authentication {}

    /** Type 1: eight bytes of clear text, which guards against mistakes and not against an attacker. */
    final class Pass implements Authentication {
        /** How many bytes of a password go on the wire; what is longer is cut, as keepalived does. */
        public static final int LENGTH = 8;

        private final byte[] data;

        /** @param password the clear text; what exceeds {@link #LENGTH} bytes of UTF-8 is not used */
        public Pass(String password) {
            this.data = Arrays.copyOf(password.getBytes(StandardCharsets.UTF_8), LENGTH);
        }

        /** The eight bytes as they go on the wire, padded with zeros. */
        public byte[] data() {
            return data.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Pass pass && Arrays.equals(data, pass.data);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(data);
        }

        /** Names the type alone, so that a log or a dump never shows the password. */
        @Override
        public String toString() {
            return "Pass[********]";
        }
    }
}
