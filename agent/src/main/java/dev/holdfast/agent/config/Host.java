package dev.holdfast.agent.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@link HostChecks} asks of a host. */
public interface Host {
    /** Whether there is a network interface of this name. */
    boolean hasInterface(String name);

    /** Whether one of the interfaces has this address. */
    boolean hasAddress(InetAddress address);

    /** Whether there is such a user. */
    boolean hasUser(String name);

    /** Whether the path leads to something that is not a directory. */
    boolean hasFile(Path path);

    /** Whether the path leads to a directory. */
    boolean hasDirectory(Path path);

    /** Whether this process may execute the file. */
    boolean canExecute(Path path);

    /** The beginning of the file; empty if it can't be read or is not there. */
    Optional<String> beginningOf(Path path);

    /** The host that this process runs on. */
    static Host ofThisHost() {
        return new ThisHost();
    }

    /** By the JDK's own means and /etc/passwd. */
    final class ThisHost implements Host {
        private static final int BEGINNING = 64 * 1024;

        private ThisHost() {}

        @Override
        public boolean hasInterface(String name) {
            // Under /sys since the JDK's list leaves out interfaces that are down in some containers.
            return Files.exists(Path.of("/sys/class/net").resolve(name)) || javaKnows(name);
        }

        private static boolean javaKnows(String name) {
            try {
                return NetworkInterface.getByName(name) != null;
            } catch (SocketException e) {
                return false;
            }
        }

        @Override
        public boolean hasAddress(InetAddress address) {
            try {
                return NetworkInterface.getByInetAddress(address) != null;
            } catch (SocketException e) {
                return false;
            }
        }

        @Override
        public boolean hasUser(String name) {
            try {
                return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                        .anyMatch(line -> line.startsWith(name + ":"));
            } catch (IOException e) {
                // Nothing is known then, and a warning would be a guess.
                return true;
            }
        }

        @Override
        public boolean hasFile(Path path) {
            return Files.exists(path) && !Files.isDirectory(path);
        }

        @Override
        public boolean hasDirectory(Path path) {
            return Files.isDirectory(path);
        }

        @Override
        public boolean canExecute(Path path) {
            return Files.isExecutable(path);
        }

        @Override
        public Optional<String> beginningOf(Path path) {
            if (!Files.isRegularFile(path)) {
                return Optional.empty();
            }
            try (var in = Files.newInputStream(path)) {
                return Optional.of(new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }
}
