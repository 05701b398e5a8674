package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of keepalived.conf, with the block that follows it.
 *
 * @param at where it begins
 * @param keyword its first word
 * @param arguments the other words
 * @param block what stands between its braces; null without braces
 */
record Statement(
        Position at,
        String keyword,
        List<Word> arguments,
        @Nullable List<Statement> block) {
    Statement {
        arguments = List.copyOf(arguments);
        block = block == null ? null : List.copyOf(block);
    }

    /**
     * One word.
     *
     * @param text without the quotes
     * @param quoted whether any of it was quoted
     */
    record Word(String text, boolean quoted) {}
}
