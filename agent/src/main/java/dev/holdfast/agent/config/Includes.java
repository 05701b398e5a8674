package dev.holdfast.agent.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a HOCON file includes: files alone, each as the main file is read, and relative to the one that includes it. Bounded
 * in depth and number, so that no file can make it run for ever.
 */
final class Includes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_FILES = 256;
    private static final Map<String, ConfigSyntax> SUFFIXES = new LinkedHashMap<>();

    static {
        // Where a name has no suffix, the former go before the latter.
        SUFFIXES.put(".conf", ConfigSyntax.CONF);
        SUFFIXES.put(".json", ConfigSyntax.JSON);
        SUFFIXES.put(".properties", ConfigSyntax.PROPERTIES);
    }

    private final String includer;
    private final Optional<Path> folder;
    private final int depth;
    private final Map<String, String> texts;
    private final int[] files;

    private Includes(String includer, Optional<Path> folder, int depth, Map<String, String> texts, int[] files) {
        this.includer = includer;
        this.folder = folder;
        this.depth = depth;
        this.texts = texts;
        this.files = files;
    }

    /** What the parser tells of a file that can't be included; it lets no checked exception through. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ConfigException why;

        private RefusedException(ConfigException why) {
            super(why);
            this.why = why;
        }

        ConfigException why() {
            return why;
        }
    }

    /**
     * For one main text.
     *
     * @param name what positions call it
     * @param folder what it includes is relative to; empty: it belongs to no file and can include none
     */
    static Includes of(String name, Optional<Path> folder) {
        return new Includes(name, folder, 0, new HashMap<>(), new int[1]);
    }

    /** Parses a text with what it includes; substitutions are not resolved. */
    ConfigObject parse(String text, ConfigSyntax syntax) {
        texts.put(includer, text);
        return ConfigFactory.parseString(
                        text,
                        ConfigParseOptions.defaults()
                                .setSyntax(syntax)
                                .setOriginDescription(includer)
                                .setIncluder(this))
                .root();
    }

    /** The text of a file that was read, by the name that positions call it. */
    Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        if (folder.isEmpty()) {
            throw refused("no include, for this text belongs to no file");
        }
        Path named;
        try {
            named = folder.get().resolve(what);
        } catch (InvalidPathException e) {
            throw refused("include and the name of a file");
        }
        List<Path> found = SUFFIXES.keySet().stream().anyMatch(what::endsWith)
                ? List.of(named)
                : SUFFIXES.keySet().stream()
                        .map(suffix -> Path.of(named + suffix))
                        .toList();
        found = found.stream().filter(Files::exists).toList();
        if (found.isEmpty() && !context.parseOptions().getAllowMissing()) {
            throw new RefusedException(ConfigText.missing(named));
        }
        ConfigObject included = ConfigFactory.empty().root();
        for (Path file : found) {
            included = included.withFallback(read(file));
        }
        return included;
    }

    private ConfigObject read(Path file) {
        if (depth == MAX_DEPTH || ++files[0] > MAX_FILES) {
            throw refused("at most " + MAX_DEPTH + " files inside each other and " + MAX_FILES
                    + " in all; does one include itself?");
        }
        String name = file.toString();
        ConfigSyntax syntax = SUFFIXES.entrySet().stream()
                .filter(suffix -> name.endsWith(suffix.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(ConfigSyntax.CONF);
        try {
            return new Includes(name, Optional.of(file.resolveSibling("")), depth + 1, texts, files)
                    .parse(ConfigText.read(file), syntax);
        } catch (ConfigException e) {
            throw new RefusedException(e);
        }
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        return include(context, what.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw refused("include of files alone, not of url(...)");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw refused("include of files alone, not of classpath(...)");
    }

    private RefusedException refused(String accepted) {
        return new RefusedException(new ConfigException(
                List.of(new Fault(FaultReason.OUT_OF_RANGE, Position.of(includer), "include", "", accepted))));
    }
}
