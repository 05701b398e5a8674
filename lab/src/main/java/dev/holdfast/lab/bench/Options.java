package dev.holdfast.lab.bench;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param suite which bench
 * @param quick whether a first impression is enough
 * @param json where the JSON goes; empty: nowhere
 * @param only the keys of the figures that are wanted; empty: all
 */
record Options(Suite suite, boolean quick, Optional<Path> json, List<String> only) {
    static final String USAGE = """
            usage: ./dev bench vrrp|heal [--quick] [--json FILE] [--only FIGURE,...]
              --quick   fewer and shorter trials: a first impression
              --json    write everything that was measured to this file as well
              --only    measure these figures alone: %s
                        or of heal: %s
            """.formatted(keys(Suite.VRRP), keys(Suite.HEAL));

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Options parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        Suite suite = Optional.ofNullable(rest.poll())
                .flatMap(Suite::of)
                .orElseThrow(() -> new IllegalArgumentException("the benches are vrrp and heal"));
        boolean quick = false;
        Optional<Path> json = Optional.empty();
        List<String> only = List.of();
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--quick" -> quick = true;
                case "--json" -> json = Optional.of(path(value(option, rest)));
                case "--only" -> only = figures(suite, value(option, rest));
                default -> throw new IllegalArgumentException("unknown: " + option);
            }
        }
        return new Options(suite, quick, json, only);
    }

    private static String value(String option, Deque<String> rest) {
        String value = rest.poll();
        if (value == null) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return value;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a file name: " + text, e);
        }
    }

    private static String keys(Suite suite) {
        return String.join(", ", suite.figures().stream().map(Figure::key).toList());
    }

    private static List<String> figures(Suite suite, String text) {
        List<String> wanted = List.of(text.split(",", -1));
        for (String key : wanted) {
            if (suite.figures().stream().noneMatch(figure -> figure.key().equals(key))) {
                throw new IllegalArgumentException("bench " + suite.key() + " has no figure '" + key + "'");
            }
        }
        return wanted;
    }

    boolean wants(Figure figure) {
        return only.isEmpty() || only.contains(figure.key());
    }
}
