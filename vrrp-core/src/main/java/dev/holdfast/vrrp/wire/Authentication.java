package dev.holdfast.vrrp.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How VRRPv2 advertisements say that they are friendly (RFC 2338 section 5.3.6); version 3 has none of it. */
public sealed interface Authentication {

    /** The number in the Auth Type field. */
    int type();

    /** Appends the eight bytes of the Authentication Data field. */
    void writeTo(ByteBuffer buffer);

    /** Type 0: nothing is claimed. */
    record None() implements Authentication {
        @Override
        public int type() {
            return 0;
        }

        @Override
        public void writeTo(ByteBuffer buffer) {
            buffer.put(new byte[Pass.LENGTH]);
        }
    }

    /** Type 1: eight bytes of clear text, which guards against mistakes and not against an attacker. */
    final class Pass implements Authentication {
        /** How many bytes of a password go on the wire; what is longer is cut, as keepalived does. */
        public static final int LENGTH = 8;

        static final int TYPE = 1;

        private final byte[] data;

        /** @param password the clear text; what exceeds {@link #LENGTH} bytes of UTF-8 is not used */
        public Pass(String password) {
            this(Arrays.copyOf(password.getBytes(StandardCharsets.UTF_8), LENGTH));
        }

        private Pass(byte[] data) {
            this.data = data;
        }

        static Pass read(ByteBuffer message, int offset) {
            byte[] data = new byte[LENGTH];
            message.get(offset, data);
            return new Pass(data);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void writeTo(ByteBuffer buffer) {
            buffer.put(data);
        }

        /** Compares in constant time, without a copy. */
        boolean matches(ByteBuffer message, int offset) {
            int difference = 0;
            for (int i = 0; i < LENGTH; i++) {
                difference |= data[i] ^ message.get(offset + i);
            }
            return difference == 0;
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
