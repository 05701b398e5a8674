package dev.holdfast.agent.config.keepalived;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the files that a pattern of the shell means: {@code *}, {@code ?}, {@code [a-z]} and {@code {a,b{1,2}}}. */
final class Glob {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");

    private Glob() {}

    static boolean isPattern(String text) {
        return WILDCARD.matcher(text).find();
    }

    /** The alternatives of a pattern's braces, in their order; stops when the effort is spent. */
    static List<String> alternatives(String pattern, Effort effort) {
        List<String> complete = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>(List.of(pattern));
        while (!open.isEmpty()) {
            String text = open.pop();
            int close = text.indexOf('}');
            int begin = close < 0 ? -1 : text.lastIndexOf('{', close);
            if (begin < 0) {
                complete.add(text);
                continue;
            }
            // The innermost braces first; what is outside is taken apart in the next rounds.
            List<String> parts = List.of(text.substring(begin + 1, close).split(",", -1));
            for (String part : parts.reversed()) {
                if (!effort.spend(text.length())) {
                    return List.of();
                }
                open.push(text.substring(0, begin) + part + text.substring(close + 1));
            }
        }
        return complete.stream().distinct().toList();
    }

    /** The regular files that match, by name; a pattern without braces. Stops when the effort is spent. */
    static List<Path> files(Path folder, String pattern, Effort effort) {
        List<Path> found = List.of(pattern.startsWith("/") ? Path.of("/") : folder);
        for (String segment : pattern.split("/", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            List<Path> next = new ArrayList<>();
            for (Path path : found) {
                if (!effort.spend(Effort.FILE)) {
                    return List.of();
                }
                if (isPattern(segment)) {
                    next.addAll(matching(path, segment, effort));
                } else if (Files.exists(path.resolve(segment))) {
                    next.add(path.resolve(segment));
                }
            }
            found = next;
        }
        return found.stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> matching(Path folder, String segment, Effort effort) {
        List<Path> found = new ArrayList<>();
        // An empty path stands for the working directory.
        Path listed = folder.toString().isEmpty() ? Path.of(".") : folder;
        // To open anything else than a folder may wait for ever: a FIFO has to be opened on its other side, too.
        if (!Files.isDirectory(listed)) {
            return found;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(listed)) {
            PathMatcher matcher = FileSystems.getDefault()
                    .getPathMatcher("glob:" + segment.replace("{", "\\{").replace("}", "\\}"));
            for (Path entry : entries) {
                if (!effort.spend(Effort.FILE)) {
                    return List.of();
                }
                Path name = entry.getFileName();
                boolean hidden = name.toString().startsWith(".") && !segment.startsWith(".");
                if (!hidden && matcher.matches(name)) {
                    found.add(folder.resolve(name));
                }
            }
        } catch (IOException | DirectoryIteratorException | PatternSyntaxException e) {
            // As for the shell: what can't be listed holds no file, and such a pattern means none.
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
