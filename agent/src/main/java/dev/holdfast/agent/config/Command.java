package dev.holdfast.agent.config;

import java.nio.file.Path;
import java.util.List;

/**
 * A program and its arguments. No shell is involved.
 *
 * @param argv the program's absolute path, then its arguments; at least one word
 */
public record Command(List<String> argv) {
    public Command {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
    }

    /** A command of these words. */
    public static Command of(String... argv) {
        return new Command(List.of(argv));
    }

    /** The program's path. */
    public Path program() {
        return Path.of(argv.getFirst());
    }

    /** The words, separated by blanks; for people, not for a shell. */
    @Override
    public String toString() {
        return String.join(" ", argv);
    }
}
