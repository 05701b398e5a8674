package dev.holdfast.agent.cli;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Paints the states in a text that is complete without: by words, so that no column moves. */
final class Colours {
    private static final Pattern GOOD = Pattern.compile("(?<=\\s)(MASTER|HAS_LEADER|UP)(?=[\\s,]|$)");
    private static final Pattern BAD =
            Pattern.compile("(?<=\\s)(FAULT|DOWN|NO_LEADER|DOCKER_DOWN|BROKEN|LOCKED)(?=[\\s,]|$)");
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String LOUD = "\u001b[1;31m";
    private static final String PLAIN = "\u001b[0m";

    private Colours() {}

    static String paint(String text) {
        return text.lines().map(Colours::line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(String line) {
        if (line.startsWith("INSTANCE ") || line.startsWith("NODE ")) {
            return line;
        }
        if (line.startsWith("!!!")) {
            return LOUD + line + PLAIN;
        }
        String bad = BAD.matcher(line).replaceAll(RED + "$1" + PLAIN);
        return GOOD.matcher(bad).replaceAll(GREEN + "$1" + PLAIN);
    }
}
