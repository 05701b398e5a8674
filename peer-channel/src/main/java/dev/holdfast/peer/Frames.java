package dev.holdfast.peer;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Messages on a stream: four bytes of length, then as many bytes: four of a number, by which an answer finds its request, and
 * the text in UTF-8. All numbers are big-endian.
 */
final class Frames {
    private static final int NUMBER_BYTES = 4;

    private Frames() {}

    /** One message. */
    record Frame(int number, String body) {}

    /**
     * Reads what follows the first byte of a frame. Memory is taken for what has arrived, not for what was announced.
     *
     * @param first the byte that was read already
     */
    static Frame read(int first, InputStream in, int maxBytes) throws IOException {
        byte[] rest = in.readNBytes(3);
        if (rest.length < 3) {
            throw new EOFException("the connection ended within a frame");
        }
        int length = (first << 24) | ((rest[0] & 0xFF) << 16) | ((rest[1] & 0xFF) << 8) | (rest[2] & 0xFF);
        if (length < 0 || length > maxBytes + NUMBER_BYTES) {
            throw new RefusedException(PeerRefusal.TOO_LARGE, Integer.toUnsignedString(length) + " bytes announced");
        }
        if (length < NUMBER_BYTES) {
            throw new RefusedException(PeerRefusal.MALFORMED, "a frame of " + length + " bytes");
        }
        int number = new DataInputStream(in).readInt();
        byte[] body = in.readNBytes(length - NUMBER_BYTES);
        if (body.length < length - NUMBER_BYTES) {
            throw new EOFException("the connection ended within a frame");
        }
        try {
            return new Frame(
                    number,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(body))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new RefusedException(PeerRefusal.MALFORMED, "no UTF-8");
        }
    }

    /** Writes a frame at once, as one record where it fits. */
    static void write(OutputStream out, Frame frame, int maxBytes) throws IOException {
        byte[] body = frame.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > maxBytes) {
            throw new RefusedException(PeerRefusal.TOO_LARGE, body.length + " bytes to send");
        }
        ByteBuffer buffer = ByteBuffer.allocate(2 * NUMBER_BYTES + body.length);
        buffer.putInt(NUMBER_BYTES + body.length).putInt(frame.number()).put(body);
        out.write(buffer.array());
        out.flush();
    }
}
