package dev.holdfast.agent.config.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them in a configuration: a number and its unit. */
public final class Durations {
    /** What {@link #parse} takes, for messages. */
    public static final String FORM = "a time with its unit (ms, s, m, h or d), such as 100ms, 1.5s or 10m";

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?(ms|s|m|h|d)");

    private Durations() {}

    /**
     * Reads a number, whole or with up to six decimals, followed by ms, s, m, h or d. A bare number is refused, for it would be
     * seconds to one reader and milliseconds to the next; only 0 needs no unit.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(FORM);
        }
        long unitNanos = switch (matcher.group(2)) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 86_400_000_000_000L;
        };
        // Days by the hundred million exceed what nanoseconds in a long can hold; the seconds of a Duration don't.
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos));
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
    }

    /** The shortest form that {@link #parse} reads back as the same time. */
    public static String format(Duration time) {
        long nanos = time.toNanosPart();
        long seconds = time.toSeconds();
        if (nanos == 0) {
            if (seconds > 0 && seconds % 86_400 == 0) {
                return seconds / 86_400 + "d";
            }
            if (seconds > 0 && seconds % 3_600 == 0) {
                return seconds / 3_600 + "h";
            }
            return seconds > 60 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        }
        if (seconds == 0) {
            return BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + "ms";
        }
        return BigDecimal.valueOf(seconds)
                        .add(BigDecimal.valueOf(nanos, 9))
                        .stripTrailingZeros()
                        .toPlainString()
                + "s";
    }
}
