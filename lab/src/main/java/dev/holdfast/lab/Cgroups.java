package dev.holdfast.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes control groups that killed engines leave behind, of version 1 (one tree a controller) and 2 (one tree). */
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final Duration EMPTY_AT_MOST = Duration.ofSeconds(5);

    private Cgroups() {}

    static void remove(String name) {
        if (!Files.isDirectory(ROOT)) {
            return;
        }
        for (Path parent : trees()) {
            Path group = parent.resolve(name);
            if (Files.isDirectory(group)) {
                removeTree(group);
            }
        }
    }

    private static List<Path> trees() {
        try (Stream<Path> below = Files.list(ROOT)) {
            return Stream.concat(Stream.of(ROOT), below.filter(Files::isDirectory))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A process that was killed keeps its group for a moment, until the kernel has done with it. */
    private static void removeTree(Path group) {
        try {
            Await.until("control group " + group + " to be empty", EMPTY_AT_MOST, () -> isRemoved(group));
        } catch (LabException e) {
            // What is left costs nothing, and the other things are to be removed, too.
            System.err.println("lab: " + e.getMessage());
        }
    }

    private static boolean isRemoved(Path group) {
        try (Stream<Path> tree = Files.walk(group)) {
            for (Path folder : tree.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(folder);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return !Files.exists(group);
        }
    }
}
