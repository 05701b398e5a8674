package dev.holdfast.agent.config.keepalived;

/** The escapes of quoted strings in keepalived.conf. */
final class Escapes {
    private static final String LETTERS = "abEfnrtv";
    private static final String MEANINGS = "\u0007\b\u001b\f\n\r\t\u000b";

    private Escapes() {}

    /**
     * Reads one escape.
     *
     * @param text where it stands
     * @param backslash where it begins; something follows
     * @param into what it stands for is appended
     * @return where the text goes on
     */
    static int read(String text, int backslash, StringBuilder into) {
        int at = backslash + 1;
        char c = text.charAt(at);
        int hex = digits(text, at + 1, 2, 16);
        int octal = digits(text, at, 3, 8);
        if (c == 'x' && hex > at + 1) {
            into.append((char) Integer.parseInt(text, at + 1, hex, 16));
            return hex;
        }
        if (c == 'c' && at + 1 < text.length()) {
            into.append((char) (text.charAt(at + 1) & 0x1F));
            return at + 2;
        }
        if (octal > at) {
            into.append((char) (Integer.parseInt(text, at, octal, 8) & 0xFF));
            return octal;
        }
        int letter = LETTERS.indexOf(c);
        into.append(letter < 0 ? c : MEANINGS.charAt(letter));
        return at + 1;
    }

    private static int digits(String text, int from, int most, int radix) {
        int end = from;
        while (end < text.length()
                && end < from + most
                && text.charAt(end) < 128
                && Character.digit(text.charAt(end), radix) >= 0) {
            end++;
        }
        return end;
    }
}
