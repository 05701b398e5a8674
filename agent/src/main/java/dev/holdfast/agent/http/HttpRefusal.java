package dev.holdfast.agent.http;

import java.util.Locale;

/** Why an HTTP client does not get what it asks for; shared by answer, log, metric and tests. */
public enum HttpRefusal {
    /** All event streams that may be open at a time are. */
    TOO_MANY_STREAMS("as many event streams are open as there may be"),
    /** The reader of an event stream took nothing for so long that the connection was closed. */
    SLOW_READER("the reader of an event stream took nothing for too long");

    private final String text;

    HttpRefusal(String text) {
        this.text = text;
    }

    /** The name in answers, logs and metrics, for example {@code too-many-streams}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The reason in words. */
    public String text() {
        return text;
    }
}
