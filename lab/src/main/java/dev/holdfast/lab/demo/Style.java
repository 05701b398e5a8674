package dev.holdfast.lab.demo;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * How text may look: colours and a line that is drawn again and again on a terminal, plain lines everywhere else.
 *
 * @param colours whether to use them
 * @param live whether the last line may be drawn again
 * @param columns the width of the terminal
 * @param charset what is printed in: ASCII where no locale is set
 */
record Style(boolean colours, boolean live, int columns, Charset charset) {
    private static final int USUAL_COLUMNS = 100;

    /** What standard output is; NO_COLOR (no-color.org) and TERM=dumb are honoured. */
    static Style ofStandardOutput() {
        boolean terminal = Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent()
                && !"dumb".equals(System.getenv("TERM"));
        String noColour = System.getenv("NO_COLOR");
        return new Style(
                terminal && (noColour == null || noColour.isEmpty()), terminal, columnsOf(), System.out.charset());
    }

    private static int columnsOf() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{2,3}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
    }

    String bold(String text) {
        return wrap("1", text);
    }

    String faint(String text) {
        return wrap("2", text);
    }

    String good(String text) {
        return wrap("32", text);
    }

    String bad(String text) {
        return wrap("31", text);
    }

    /** A sign, or what stands for it where it would come out as a question mark. */
    String sign(String sign, String otherwise) {
        return charset.newEncoder().canEncode(sign) ? sign : otherwise;
    }

    /** One of a few colours that tell hosts apart. */
    String host(int index, String text) {
        return wrap(Integer.toString(new int[] {36, 33, 35}[index % 3]), text);
    }

    private String wrap(String code, String text) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
