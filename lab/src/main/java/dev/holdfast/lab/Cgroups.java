package dev.holdfast.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes control groups that killed engines leave behind, of version 1 (one tree a controller) and 2 (one tree). */
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

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

    private static void removeTree(Path group) {
        try (Stream<Path> tree = Files.walk(group)) {
            for (Path folder : tree.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // Still busy for a moment after a kill: an empty group costs nothing.
        }
    }
}
