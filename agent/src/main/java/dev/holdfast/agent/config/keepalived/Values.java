package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.HoconWriter.Item;
import dev.holdfast.agent.config.keepalived.Statement.Word;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import dev.holdfast.agent.config.text.Durations;
import dev.holdfast.agent.config.text.ShellWords;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns the values of keepalived.conf into those of HOCON. What it can't judge it hands on, for the loader to judge. */
final class Values {
    private static final Set<String> SHELL_OPERATORS =
            Set.of("|", "||", "&&", ";", "&", ">", ">>", "<", "2>&1", "2>", "&>");

    private static final Set<String> TRUE = Set.of("true", "on", "yes");
    private static final Set<String> FALSE = Set.of("false", "off", "no");

    private final Findings findings;

    Values(Findings findings) {
        this.findings = findings;
    }

    /** The one word after a keyword, without a trailing comma; empty and reported if there is none. */
    Optional<String> word(Statement statement, String label) {
        Optional<String> word = verbatim(statement, label);
        return word.map(
                text -> statement.arguments().getFirst().quoted() ? text : withoutComma(text, statement.at(), label));
    }

    /** The one word after a keyword as it stands there. */
    Optional<String> verbatim(Statement statement, String label) {
        if (hasBlock(statement, label)) {
            return Optional.empty();
        }
        if (statement.arguments().isEmpty()) {
            findings.fault(FaultReason.MISSING, statement.at(), label, "", "a value on the same line");
            return Optional.empty();
        }
        if (statement.arguments().size() > 1) {
            findings.notCarried(statement.at(), label, "more than one value; those after the first are left out");
        }
        return Optional.of(statement.arguments().getFirst().text());
    }

    /** Whether there is a block where none belongs, which is reported. */
    boolean hasBlock(Statement statement, String label) {
        if (statement.block() == null) {
            return false;
        }
        findings.fault(FaultReason.WRONG_TYPE, statement.at(), label, "{...}", "a value, not a block");
        return true;
    }

    /** The statements of a block; none, and reported, if there is no block. */
    List<Statement> block(Statement statement, String label) {
        if (statement.block() == null) {
            findings.fault(FaultReason.MISSING, statement.at(), label, "", "a block { ... }");
            return List.of();
        }
        if (!statement.arguments().isEmpty()) {
            findings.notCarried(statement.at(), label, "what stands before the { is left out");
        }
        return statement.block();
    }

    /** keepalived's {@code [<BOOL>]}: alone it means on; what is neither on nor off is reported. */
    Optional<Item> flag(Statement statement, String label) {
        Source source = new Source(statement.at(), label);
        if (statement.arguments().isEmpty()) {
            return hasBlock(statement, label) ? Optional.empty() : Optional.of(new Item("true", source));
        }
        Optional<String> word = word(statement, label).map(text -> text.toLowerCase(Locale.ROOT));
        if (word.filter(text -> TRUE.contains(text) || FALSE.contains(text)).isEmpty()) {
            word.ifPresent(text -> findings.fault(
                    FaultReason.MALFORMED, statement.at(), label, text, "true, on, yes, false, off or no"));
            return Optional.empty();
        }
        return word.map(text -> new Item(Boolean.toString(TRUE.contains(text)), source));
    }

    /** Drops a comma that people put after a value, and says so. */
    String withoutComma(String text, Position at, String label) {
        if (text.length() > 1 && text.endsWith(",")) {
            findings.warn(WarningReason.TRAILING_COMMA, at, label, "the comma after the value is dropped");
            return text.substring(0, text.length() - 1);
        }
        return text;
    }

    Optional<Item> string(Statement statement, String label) {
        return word(statement, label)
                .map(text -> new Item(HoconWriter.string(text), new Source(statement.at(), label)));
    }

    Optional<Item> number(Statement statement, String label) {
        return word(statement, label).map(text -> new Item(number(text), new Source(statement.at(), label)));
    }

    /** A whole number bare, anything else as a string that the loader refuses under its own name. */
    static String number(String text) {
        return text.matches("-?(0|[1-9]\\d{0,8})") ? text : HoconWriter.quote(text);
    }

    /** A number of seconds, fractions allowed; empty and reported if it is none. */
    Optional<Duration> seconds(Statement statement, String label) {
        Optional<String> word = word(statement, label);
        if (word.isPresent() && !word.get().matches("\\d{1,7}(\\.\\d{1,6})?")) {
            findings.fault(
                    FaultReason.MALFORMED, statement.at(), label, word.get(), "a number of seconds, such as 1 or 0.1");
            return Optional.empty();
        }
        return word.map(
                text -> Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValueExact()));
    }

    static Item time(Duration time, Source source) {
        return new Item(Durations.format(time), source);
    }

    /** The command of {@code script}: one quoted string, or all the words. */
    Optional<Item> script(Statement statement, String label) {
        if (hasBlock(statement, label)) {
            return Optional.empty();
        }
        List<Word> words = statement.arguments();
        String line = words.size() == 1
                ? words.getFirst().text()
                : words.stream().map(Values::requoted).collect(Collectors.joining(" "));
        return command(line, statement.at(), label);
    }

    /** The command of a {@code notify} line: its first word, for a user and a group may follow. */
    Optional<Item> hook(Statement statement, String label) {
        if (hasBlock(statement, label)) {
            return Optional.empty();
        }
        if (statement.arguments().size() > 1) {
            findings.notCarried(
                    statement.at(),
                    label,
                    "the user and group after the script are left out; it runs as the agent does");
        }
        String line = statement.arguments().isEmpty()
                ? ""
                : statement.arguments().getFirst().text();
        Optional<Item> command = command(line, statement.at(), label);
        // A path alone needs no list of words.
        return line.matches("/[\\w./-]+")
                ? command.map(item -> new Item(HoconWriter.quote(line), item.source()))
                : command;
    }

    private static String requoted(Word word) {
        return word.quoted() ? '"' + word.text().replace("\\", "\\\\").replace("\"", "\\\"") + '"' : word.text();
    }

    private Optional<Item> command(String line, Position at, String label) {
        List<String> words;
        try {
            words = ShellWords.split(line);
        } catch (IllegalArgumentException e) {
            findings.fault(FaultReason.MALFORMED, at, label, "", "a command line; " + e.getMessage());
            return Optional.empty();
        }
        if (words.isEmpty()) {
            findings.fault(FaultReason.MISSING, at, label, "", "a command");
            return Optional.empty();
        }
        boolean shell = words.stream().anyMatch(Values::isShellOperator);
        List<String> argv = new ArrayList<>();
        if (shell) {
            findings.warn(
                    WarningReason.SHELL_SCRIPT, at, label, "the command uses shell operators, so /bin/sh -c runs it");
            argv.addAll(List.of("/bin/sh", "-c", line));
        } else {
            if (words.getFirst().indexOf('/') < 0) {
                // keepalived looks such a name up on the path; env does that, whatever the host.
                argv.add("/usr/bin/env");
            }
            argv.addAll(words);
        }
        String rendered = argv.stream().map(HoconWriter::quote).collect(Collectors.joining(", ", "[", "]"));
        return Optional.of(new Item(rendered, new Source(at, label)));
    }

    private static boolean isShellOperator(String word) {
        return SHELL_OPERATORS.contains(word) || word.matches("(\\d?>|<).*") || word.matches("[^;]+;");
    }
}
