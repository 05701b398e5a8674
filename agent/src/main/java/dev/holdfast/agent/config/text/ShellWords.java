package dev.holdfast.agent.config.text;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line as a POSIX shell would, without expanding anything. */
public final class ShellWords {
    private ShellWords() {}

    /**
     * Blanks separate words; single quotes keep everything, double quotes all but the backslash before {@code "} and
     * {@code \}, and a backslash outside quotes keeps the next character.
     *
     * @throws IllegalArgumentException if a quote is not closed or the text ends with a backslash; the message does not quote
     *     the text
     */
    public static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escapes = c == '\\'
                    && (quote == 0
                            || (quote == '"' && i + 1 < text.length() && "\"\\".indexOf(text.charAt(i + 1)) >= 0));
            if (escapes) {
                if (++i == text.length()) {
                    throw new IllegalArgumentException("nothing follows the last backslash");
                }
                word.append(text.charAt(i));
                inWord = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote is not closed");
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
