package dev.holdfast.agent.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version that the build wrote beside the classes. */
public final class HoldfastVersion {
    private static final String CURRENT = read();

    private HoldfastVersion() {}

    /** For example {@code 0.1.0}. */
    public static String current() {
        return CURRENT;
    }

    private static String read() {
        try (InputStream in = HoldfastVersion.class.getResourceAsStream("version")) {
            if (in == null) {
                throw new IllegalStateException("the build left out the version");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
