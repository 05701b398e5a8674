package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.WarningReason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the lines of a keepalived.conf what they mean: takes comments off, joins what a backslash continues, drops lines for
 * other hosts ({@code @id}), replaces variables and reads included files. Bounded in depth, number and length, so that no file
 * can make it run for ever.
 */
final class LineReader {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_FILES = 1_000;
    /** What looking at a line costs besides its length, so that the number of lines is bounded too. */
    private static final int STEP = 400;

    private static final int MAX_LENGTH = 16_384;
    private static final int MAX_SUBSTITUTIONS = 1_000;
    private static final Pattern CONDITION = Pattern.compile("@(\\^?)(\\S*)\\s+(.*)", Pattern.DOTALL);
    private static final Pattern DEFINITION =
            Pattern.compile("(?:@(\\^?)(\\S*)\\s+)?\\$([A-Za-z_]\\w*)=\\s*(.*)", Pattern.DOTALL);
    // Possessive: what could give back again would be remembered on the stack, for each word.
    private static final Pattern USE =
            Pattern.compile("\\$(?:\\{([A-Za-z_]\\w*)((?:[ \\t]+\\w+)*+)}|([A-Za-z_]\\w*)(?=[\\s,)]|$))");
    private static final Pattern INCLUDE = Pattern.compile("include([rmwba]?)\\s+(.*)", Pattern.DOTALL);
    private static final Pattern BLOCK_OF_LINES = Pattern.compile("~(?:SEQx?|LST)\\b.*", Pattern.DOTALL);

    private final String file;
    private final Setting setting;
    private final Findings findings;
    private final Map<String, Definition> definitions = new HashMap<>();
    private final List<Line> lines = new ArrayList<>();
    private final Deque<Path> reading = new ArrayDeque<>();
    private final SortedSet<Position> forOthers = new TreeSet<>();
    private int files;
    private final Effort effort = new Effort();
    private boolean toldTooMuch;

    /** What a variable stands for; a value over several lines can only stand at the end of a line. */
    private static final class Definition {
        final List<Line> lines = new ArrayList<>();
        final boolean multiline;

        Definition(boolean multiline) {
            this.multiline = multiline;
        }
    }

    LineReader(String file, Setting setting, Findings findings) {
        this.file = file;
        this.setting = setting;
        this.findings = findings;
    }

    List<Line> read(String text) {
        file(file, text);
        return lines;
    }

    /** The lines that were dropped because they are for other hosts. */
    SortedSet<Position> forOthers() {
        return forOthers;
    }

    private void file(String name, String text) {
        String[] raw = text.split("\r\n|\r|\n", -1);
        Definition collecting = null;
        Line started = null;
        for (int i = 0; i < raw.length; i++) {
            String plain = withoutComment(raw[i]);
            Position at = new Position(name, i + 1);
            boolean goesOn = plain.endsWith("\\");
            String content = goesOn ? plain.substring(0, plain.length() - 1).stripTrailing() : plain;
            if (collecting != null) {
                // An empty line ends a value, one with only a comment does not.
                if (!plain.isEmpty()) {
                    collecting.lines.add(new Line(at, content));
                }
                if (raw[i].isEmpty() || (!plain.isEmpty() && !goesOn)) {
                    collecting = null;
                }
                continue;
            }
            Line whole =
                    started == null ? new Line(at, content) : new Line(started.at(), started.text() + " " + content);
            if (!effort.spend(whole.text().length())) {
                tooMuch(at);
                return;
            }
            if (goesOn && started == null && DEFINITION.matcher(content).matches()) {
                collecting = define(at, content, true);
            } else if (goesOn) {
                started = whole;
            } else {
                started = null;
                process(name, whole);
            }
        }
        if (started != null) {
            process(name, started);
        }
    }

    /** Without blanks around it; {@code \#} and {@code \!} are no comments. */
    private static String withoutComment(String line) {
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                i++;
                char next = line.charAt(i);
                if (quoted || (next != '#' && next != '!')) {
                    text.append(c);
                }
                text.append(next);
                continue;
            }
            quoted ^= c == '"';
            if (!quoted && (c == '#' || c == '!')) {
                break;
            }
            text.append(c);
        }
        return text.toString().strip();
    }

    private void process(String name, Line line) {
        Deque<Line> work = new ArrayDeque<>(List.of(line));
        while (!work.isEmpty()) {
            if (effort.isSpent()) {
                return;
            }
            Line next = work.pop();
            next = expanded(name, next, work);
            if (effort.isSpent()) {
                tooMuch(line.at());
                return;
            }
            if (next == null) {
                continue;
            }
            Matcher include = INCLUDE.matcher(next.text());
            if (include.matches()) {
                include(name, next.at(), include.group(1), include.group(2).strip());
                if (effort.isSpent()) {
                    tooMuch(next.at());
                }
                continue;
            }
            // What follows a brace is a line of its own, with its own condition.
            int cut = afterBrace(next.text());
            lines.add(new Line(next.at(), next.text().substring(0, cut)));
            if (cut < next.text().length()) {
                work.push(new Line(next.at(), next.text().substring(cut)));
            }
        }
    }

    private void tooMuch(Position at) {
        if (toldTooMuch) {
            return;
        }
        toldTooMuch = true;
        // A fault of form, for what is left of the file means nothing.
        findings.fault(
                FaultReason.SYNTAX,
                at,
                "",
                "",
                "variables, patterns and includes that can be followed in a second; does one contain itself?");
    }

    /** One line with its variables replaced; null if nothing is left of it. More lines go on top of the work. */
    private @Nullable Line expanded(String name, Line line, Deque<Line> work) {
        Position at = line.at();
        String text = line.text().strip();
        for (int round = 0; round < MAX_SUBSTITUTIONS && text.length() <= MAX_LENGTH; round++) {
            if (!effort.spend(STEP + text.length())) {
                return null;
            }
            if (text.startsWith("@")) {
                Matcher condition = CONDITION.matcher(text);
                if (!condition.matches() || !isForUs(at, condition.group(1), condition.group(2))) {
                    return null;
                }
                text = condition.group(3).strip();
            }
            if (text.isEmpty()) {
                return null;
            }
            if (DEFINITION.matcher(text).matches()) {
                define(at, text, false);
                return null;
            }
            if (BLOCK_OF_LINES.matcher(text).matches()) {
                String keyword = text.substring(0, text.startsWith("~SEQx") ? 5 : 4);
                findings.notCarried(
                        at, keyword, "is not supported and its lines are left out; write them out one by one");
                return null;
            }
            Replacement replacement = replacement(name, at, text);
            if (replacement == null) {
                return new Line(at, text);
            }
            if (replacement.value.multiline) {
                if (!effort.spend((long) STEP * replacement.value.lines.size())) {
                    return null;
                }
                replacement.value.lines.reversed().forEach(work::push);
                String before = text.substring(0, replacement.start);
                Line first = work.poll();
                if (first == null) {
                    text = before.strip();
                    continue;
                }
                work.push(before.isBlank() ? first : new Line(at, before + first.text()));
                return null;
            }
            String value = replacement.value.lines.isEmpty()
                    ? ""
                    : replacement.value.lines.getFirst().text();
            text = (text.substring(0, replacement.start) + value + text.substring(replacement.end)).strip();
        }
        findings.fault(
                FaultReason.MALFORMED,
                at,
                "",
                "",
                "a line of at most " + MAX_LENGTH
                        + " characters after its variables are replaced; does one contain itself?");
        return null;
    }

    /** A variable's use. */
    private record Replacement(int start, int end, Definition value) {}

    private @Nullable Replacement replacement(String name, Position at, String text) {
        Matcher use = USE.matcher(text);
        while (use.find()) {
            String variable = use.group(1) != null ? use.group(1) : use.group(3);
            Definition value = use.group(1) != null ? predefined(name, at, variable) : null;
            Definition own = definitions.get(variable);
            if (own != null && !(own.multiline && use.end() < text.length())) {
                value = own;
            }
            if (value != null) {
                return new Replacement(use.start(), use.end(), value);
            }
        }
        return null;
    }

    private @Nullable Definition predefined(String name, Position at, String variable) {
        String value = switch (variable) {
            case "_PWD" ->
                folder(name)
                        .map(path -> path.toAbsolutePath().normalize().toString())
                        .orElse(".");
            case "_INSTANCE" -> setting.configId();
            case "_HASH" -> "#";
            case "_BANG" -> "!";
            case "_RANDOM" -> {
                findings.fault(
                        FaultReason.MALFORMED,
                        at,
                        "${_RANDOM}",
                        "",
                        "a number of your choice, for this one would change with each reload");
                yield "0";
            }
            default -> null;
        };
        if (value == null) {
            return null;
        }
        Definition definition = new Definition(false);
        definition.lines.add(new Line(at, value));
        return definition;
    }

    private Definition define(Position at, String text, boolean multiline) {
        Definition definition = new Definition(multiline);
        Matcher parts = DEFINITION.matcher(text);
        if (parts.matches()) {
            if (!multiline || !parts.group(4).isEmpty()) {
                definition.lines.add(new Line(at, parts.group(4)));
            }
            if (parts.group(2) == null || isForUs(at, parts.group(1), parts.group(2))) {
                definitions.put(parts.group(3), definition);
            }
        }
        return definition;
    }

    private boolean isForUs(Position at, String not, String id) {
        boolean ours = id.equals(setting.configId()) == not.isEmpty();
        if (!ours) {
            forOthers.add(at);
        }
        return ours;
    }

    private static int afterBrace(String text) {
        char quote = '\0';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == '\0' && c == '$' && text.startsWith("${", i)) {
                int close = text.indexOf('}', i);
                i = close < 0 ? i + 1 : close;
            } else if (c == '\\') {
                i++;
            } else if (c == '"') {
                quote = quote == '\0' ? c : '\0';
            } else if (quote == '\0' && (c == '{' || c == '}')) {
                return i + 1;
            }
        }
        return text.length();
    }

    private Optional<Path> folder(String name) {
        try {
            return Optional.of(Path.of(name).resolveSibling(""));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void include(String name, Position at, String strictness, String quotedPattern) {
        String keyword = "include" + strictness;
        String pattern = quotedPattern.replaceAll("^\"|\"$", "");
        Optional<Path> folder = folder(name);
        if (setting.files().isEmpty() || folder.isEmpty()) {
            findings.notCarried(at, keyword, "what it includes is left out, for this text belongs to no file");
            return;
        }
        for (String alternative : Glob.alternatives(pattern, effort)) {
            List<Path> found;
            try {
                found = Glob.files(folder.get(), alternative, effort);
            } catch (InvalidPathException e) {
                found = List.of();
            }
            if (found.isEmpty()) {
                nothingFound(at, keyword, strictness, alternative, !alternative.equals(pattern));
            }
            found.forEach(path -> include(at, keyword, path, setting.files().get()));
        }
    }

    /** The plain keyword and {@code includer} bear it if there is nothing to include. */
    private void nothingFound(Position at, String keyword, String strictness, String pattern, boolean oneOfBraces) {
        boolean fault = switch (strictness) {
            case "a" -> true;
            case "m" -> !Glob.isPattern(pattern) && !oneOfBraces;
            case "w" -> !oneOfBraces;
            case "b" -> oneOfBraces;
            default -> false;
        };
        if (fault) {
            findings.fault(FaultReason.UNREADABLE, at, keyword, pattern, "files that exist");
        } else if (!Glob.isPattern(pattern)) {
            findings.warn(
                    WarningReason.NOT_INCLUDED, at, keyword, "there is no file " + pattern + "; nothing is included");
        }
    }

    private void include(Position at, String keyword, Path path, Setting.FileText texts) {
        Path real = path.toAbsolutePath().normalize();
        if (reading.isEmpty()) {
            reading.push(Path.of(file).toAbsolutePath().normalize());
        }
        if (reading.contains(real)) {
            findings.fault(
                    FaultReason.MALFORMED, at, keyword, path.toString(), "a file that does not lead back to itself");
            return;
        }
        if (reading.size() > MAX_DEPTH || ++files > MAX_FILES) {
            findings.fault(
                    FaultReason.OUT_OF_RANGE,
                    at,
                    keyword,
                    path.toString(),
                    "at most " + MAX_DEPTH + " files inside each other and " + MAX_FILES + " in all");
            return;
        }
        reading.push(real);
        try {
            file(path.toString(), texts.read(path));
        } catch (ConfigException e) {
            findings.faults().addAll(e.faults());
        } finally {
            reading.pop();
        }
    }
}
