package dev.holdfast.lab;

import dev.holdfast.lab.AgentProcess.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A wall clock that one agent alone sees and that can be set while it runs, by libfaketime. CLOCK_REALTIME has no
 * namespaces, and the machine's own clock is nobody's to change. CLOCK_MONOTONIC stays the kernel's, as on a host whose
 * administrator or NTP daemon sets the clock.
 */
final class FakeClock {
    private static final String FILE = "clock";

    private FakeClock() {}

    /** Where this machine has the library, if it is installed (package faketime). */
    static Optional<Path> library() {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu")) {
            for (Path architecture : architectures) {
                Path found = architecture.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(found)) {
                    return Optional.of(found);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a host's agent; shows the right time at first. */
    static Surroundings around(Host host) {
        set(host, Duration.ZERO);
        return new Surroundings(
                List.of(),
                List.of(
                        "LD_PRELOAD="
                                + library().orElseThrow(() -> new LabException("the package faketime is missing")),
                        "FAKETIME_TIMESTAMP_FILE=" + host.folder().resolve(FILE),
                        "FAKETIME_NO_CACHE=1",
                        "FAKETIME_DONT_FAKE_MONOTONIC=1",
                        // Otherwise timed waits of the JVM return at once, and again, and again.
                        "FAKETIME_FORCE_MONOTONIC_FIX=0"));
    }

    /** Sets the clock of a host's agent so far from the right time; negative: into the past. */
    static void set(Host host, Duration offset) {
        try {
            // Replaced in one step: the agent reads it at each look at the clock.
            Path next = host.write(FILE + ".new", "%+d\n".formatted(offset.toSeconds()));
            Files.move(
                    next,
                    host.folder().resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
