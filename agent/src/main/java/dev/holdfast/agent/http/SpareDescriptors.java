package dev.holdfast.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process may open some more files: {@code ulimit -n} is not near. */
final class SpareDescriptors {
    /** For a script's pipes, a file of the run-dir and a socket of the protocol at the same moment. */
    private static final int WANTED = 8;

    private static final Path ALWAYS_THERE = Path.of("/dev/null");

    private SpareDescriptors() {}

    /** Tries it, for no number tells: limits can be changed while a process runs. */
    static boolean exist() {
        try {
            openTogether(WANTED);
            return true;
        } catch (IOException e) {
            // Looking at a file takes no descriptor.
            return !Files.exists(ALWAYS_THERE);
        }
    }

    private static void openTogether(int count) throws IOException {
        try (InputStream _ = Files.newInputStream(ALWAYS_THERE)) {
            if (count > 1) {
                openTogether(count - 1);
            }
        }
    }
}
