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
 * @param quick whether a first impression is enough
 * @param json where the JSON goes; empty: nowhere
 * @param only the keys of the figures that are wanted; empty: all
 */
record Options(boolean quick, Optional<Path> json, List<String> only) {
    static final String USAGE = """
            usage: ./dev bench vrrp [--quick] [--json FILE] [--only FIGURE,...]
              --quick   fewer and shorter trials: a first impression
              --json    write everything that was measured to this file as well
              --only    measure these figures alone: %s
            """.formatted(
                    String.join(", ", Bench.FIGURES.stream().map(Figure::key).toList()));

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Options parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        if (!"vrrp".equals(rest.poll())) {
            throw new IllegalArgumentException("there is one bench: vrrp");
        }
        boolean quick = false;
        Optional<Path> json = Optional.empty();
        List<String> only = List.of();
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--quick" -> quick = true;
                case "--json" -> json = Optional.of(path(value(option, rest)));
                case "--only" -> only = figures(value(option, rest));
                default -> throw new IllegalArgumentException("unknown: " + option);
            }
        }
        return new Options(quick, json, only);
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

    private static List<String> figures(String text) {
        List<String> wanted = List.of(text.split(",", -1));
        for (String key : wanted) {
            if (Bench.FIGURES.stream().noneMatch(figure -> figure.key().equals(key))) {
                throw new IllegalArgumentException("there is no figure '" + key + "'");
            }
        }
        return wanted;
    }

    boolean wants(Figure figure) {
        return only.isEmpty() || only.contains(figure.key());
    }
}
