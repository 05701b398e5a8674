package dev.holdfast.agent.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;

/** The form of a log line: time in UTC, level, message, and the cause in words. Always one line, whatever the message holds. */
final class LogLine {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private LogLine() {}

    static String of(ILoggingEvent event) {
        return of(
                event.getTimeStamp(),
                event.getLevel().toString(),
                event.getFormattedMessage(),
                event.getThrowableProxy());
    }

    static String of(long millis, String level, @Nullable String message, @Nullable IThrowableProxy cause) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(millis), line);
        line.append(' ')
                .append(level)
                .append(" ".repeat(Math.max(0, 5 - level.length())))
                .append(' ');
        appendPrintable(line, String.valueOf(message));
        if (cause != null) {
            appendPrintable(line, ": " + describe(cause));
        }
        return line.toString();
    }

    private static String describe(IThrowableProxy cause) {
        String text = cause.getClassName() + (cause.getMessage() == null ? "" : ": " + cause.getMessage());
        // Where it happened, for whoever reports it; the rest of the stack would be many lines.
        return cause.getStackTraceElementProxyArray().length == 0
                ? text
                : text + " " + cause.getStackTraceElementProxyArray()[0].getSTEAsString();
    }

    /** Control characters could forge a line of their own, or speak to the terminal. */
    private static void appendPrintable(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
    }
}
