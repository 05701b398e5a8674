package dev.holdfast.agent.config;

import dev.holdfast.agent.config.text.ShellWords;
import java.util.List;

/** Reads commands. */
final class Commands {
    /** What a command may be, for messages. */
    static final String ACCEPTED = "a list of words or one string, beginning with the absolute path of a program";

    /** What one of several commands may be. */
    static final String ACCEPTED_ITEM =
            "a command: one string with its arguments, or a list of words, beginning with the absolute path of a program";

    /** What several commands may be. */
    static final String ACCEPTED_LIST = "a list of commands, each one string with its arguments or a list of words";

    private Commands() {}

    /** Splits one string as a shell would. */
    static Command parse(String text) {
        return ofWords(ShellWords.split(text));
    }

    /**
     * A command of these words.
     *
     * @throws NoProgramException if the first one is not an absolute path
     */
    static Command ofWords(List<String> words) {
        if (words.isEmpty()) {
            throw new NoProgramException("\"\"");
        }
        // A word on the path would depend on the environment that the agent happened to be started in.
        if (!words.getFirst().startsWith("/") || words.getFirst().endsWith("/")) {
            throw new NoProgramException(words.getFirst().isEmpty() ? "\"\"" : words.getFirst());
        }
        if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("no word may hold a NUL character");
        }
        return new Command(words);
    }

    /** The first word is not the absolute path of a program. */
    static final class NoProgramException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String program;

        NoProgramException(String program) {
            super("not an absolute path");
            this.program = program;
        }

        String program() {
            return program;
        }
    }
}
