package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.ConfigException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the meaning of a keepalived.conf depends on besides its own text.
 *
 * @param files how to read what it includes; empty: nothing can be included
 * @param configId what {@code @id} lines are held against
 */
public record Setting(Optional<FileText> files, String configId) {
    /** Reads the text of a file. */
    @FunctionalInterface
    public interface FileText {
        /**
         * The whole text.
         *
         * @throws ConfigException if the file can't be read
         */
        String read(Path file) throws ConfigException;
    }
}
