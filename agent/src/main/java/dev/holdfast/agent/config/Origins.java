package dev.holdfast.agent.config;

import com.typesafe.config.ConfigOrigin;
import dev.holdfast.agent.config.report.Position;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the HOCON parser says that something stands, as a place of ours. */
final class Origins {
    private static final Pattern LINES = Pattern.compile(": \\d+(-\\d+)?$");
    private static final String OF_SEVERAL_FILES = "merge of ";

    private Origins() {}

    /**
     * The file and line.
     *
     * @param main what the main file is called, which stands for whatever has no file or several
     */
    static Position position(String main, @Nullable ConfigOrigin origin) {
        if (origin == null || origin.lineNumber() < 1 || origin.description().startsWith(OF_SEVERAL_FILES)) {
            return Position.of(main);
        }
        String file = LINES.matcher(origin.description()).replaceFirst("");
        return new Position(file, origin.lineNumber());
    }
}
