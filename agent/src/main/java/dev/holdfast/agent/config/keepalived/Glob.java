package dev.holdfast.agent.config.keepalived;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Finds the files that a pattern of the shell means: {@code *}, {@code ?}, {@code [a-z]} and {@code {a,b{1,2}}}. */
final class Glob {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");
    private static final int MAX_PATTERNS = 256;

    private Glob() {}

    static boolean isPattern(String text) {
        return WILDCARD.matcher(text).find();
    }

    /** The alternatives of a pattern's braces, in their order. */
    static List<String> alternatives(String pattern) {
        List<String> complete = new ArrayList<>();
        List<String> open = new ArrayList<>(List.of(pattern));
        while (!open.isEmpty() && complete.size() + open.size() <= MAX_PATTERNS) {
            String text = open.removeFirst();
            int close = text.indexOf('}');
            int begin = close < 0 ? -1 : text.lastIndexOf('{', close);
            if (begin < 0) {
                complete.add(text);
                continue;
            }
            // The innermost braces first; what is outside is taken apart in the next rounds.
            List<String> expanded = new ArrayList<>();
            for (String part : text.substring(begin + 1, close).split(",", -1)) {
                expanded.add(text.substring(0, begin) + part + text.substring(close + 1));
            }
            open.addAll(0, expanded);
        }
        return complete.stream().distinct().toList();
    }

    /** The regular files that match, by name; a pattern without braces. */
    static List<Path> files(Path folder, String pattern) {
        List<Path> found = List.of(pattern.startsWith("/") ? Path.of("/") : folder);
        for (String segment : pattern.split("/", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            List<Path> next = new ArrayList<>();
            for (Path path : found) {
                if (isPattern(segment)) {
                    next.addAll(matching(path, segment));
                } else if (Files.exists(path.resolve(segment))) {
                    next.add(path.resolve(segment));
                }
            }
            found = next;
        }
        return found.stream().filter(path -> !Files.isDirectory(path)).toList();
    }

    private static List<Path> matching(Path folder, String segment) {
        List<Path> found = new ArrayList<>();
        // An empty path stands for the working directory.
        Path listed = folder.toString().isEmpty() ? Path.of(".") : folder;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(listed)) {
            PathMatcher matcher = FileSystems.getDefault()
                    .getPathMatcher("glob:" + segment.replace("{", "\\{").replace("}", "\\}"));
            for (Path entry : entries) {
                Path name = entry.getFileName();
                boolean hidden = name.toString().startsWith(".") && !segment.startsWith(".");
                if (!hidden && matcher.matches(name)) {
                    found.add(folder.resolve(name));
                }
            }
        } catch (IOException | PatternSyntaxException e) {
            // As for the shell, such a pattern means no file.
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
