package dev.holdfast.agent.config.keepalived;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes HOCON for people, two blanks a level, and remembers which line of keepalived.conf each key comes from. */
final class HoconWriter {
    private static final int WIDTH = 100;
    private static final Pattern BARE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final Pattern BARE_KEY = Pattern.compile("[A-Za-z0-9_-]+");
    // What HOCON would read as something else than a string, or as the start of an include.
    private static final Set<String> RESERVED = Set.of("true", "false", "null", "yes", "no", "on", "off", "include");

    private final StringBuilder out = new StringBuilder();
    private final List<String> path = new ArrayList<>();
    private final Map<String, Source> sources = new LinkedHashMap<>();

    /** A list's item and where it comes from. */
    record Item(String rendered, Source source) {}

    void blankLine() {
        out.append('\n');
    }

    void comment(String text) {
        indent().append("# ").append(text.replaceAll("\\p{Cntrl}", "?")).append('\n');
    }

    void open(String key) {
        indent().append(key(key)).append(" {\n");
        path.add(key(key));
    }

    void open(String key, Source source) {
        open(key);
        sources.put(String.join(".", path), source);
    }

    void close() {
        path.removeLast();
        indent().append("}\n");
    }

    void put(String key, Item value) {
        sources.put(fullPath(key), value.source());
        indent().append(key(key)).append(" = ").append(value.rendered()).append('\n');
    }

    /** A list, on one line if it fits. */
    void putList(String key, List<Item> items) {
        String full = fullPath(key);
        for (int i = 0; i < items.size(); i++) {
            sources.putIfAbsent(full, items.get(i).source());
            sources.put(full + "[" + i + "]", items.get(i).source());
        }
        String line = String.join(", ", items.stream().map(Item::rendered).toList());
        int start = out.length();
        indent().append(key(key)).append(" = [");
        if (out.length() - start + line.length() < WIDTH) {
            out.append(line).append("]\n");
            return;
        }
        out.append('\n');
        path.add(key);
        items.forEach(item -> indent().append(item.rendered()).append('\n'));
        path.removeLast();
        indent().append("]\n");
    }

    private String fullPath(String key) {
        return String.join(".", path) + (path.isEmpty() ? "" : ".") + key(key);
    }

    private StringBuilder indent() {
        return out.append("  ".repeat(path.size()));
    }

    /** A key, quoted if it must be. */
    static String key(String key) {
        return BARE_KEY.matcher(key).matches() && !key.equals("include") ? key : ConfigUtil.quoteString(key);
    }

    /** A string, quoted if it must be. */
    static String string(String text) {
        return BARE.matcher(text).matches() && !RESERVED.contains(text) ? text : quote(text);
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default -> {
                    if (c < 0x20 || c == 0x7F || Character.isSurrogate(c)) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    Map<String, Source> sources() {
        return sources;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
