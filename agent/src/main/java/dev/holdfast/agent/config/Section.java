package dev.holdfast.agent.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import dev.holdfast.agent.config.report.Suggestions;
import dev.holdfast.agent.config.text.Durations;
import dev.holdfast.agent.config.text.ShellWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One object of the HOCON tree while it is read. Each method takes one key, reports what is wrong with it and goes on with the
 * default, so that one run finds all faults; {@link #finish} reports the keys that nobody took.
 */
final class Section {
    private static final Set<String> TRUE = Set.of("true", "yes", "on");
    private static final Set<String> FALSE = Set.of("false", "no", "off");

    private final Report report;
    private final String path;
    private final @Nullable ConfigObject object;
    private final boolean secret;
    private final Set<String> known = new LinkedHashSet<>();

    private Section(Report report, String path, @Nullable ConfigObject object, boolean secret) {
        this.report = report;
        this.path = path;
        this.object = object;
        this.secret = secret;
    }

    /** The whole file. */
    static Section root(Report report, ConfigObject object) {
        return new Section(report, "", object, false);
    }

    /** The full name of a key of this section. */
    String path(String key) {
        return path.isEmpty() ? keyOf(key) : path + "." + keyOf(key);
    }

    /** A name as one step of a full key. */
    static String keyOf(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : ConfigUtil.quoteString(name);
    }

    /** The full name of this section. */
    String path() {
        return path;
    }

    /** Whether the key is there and not null. */
    boolean has(String key) {
        return object != null && object.get(key) != null && object.get(key).valueType() != ConfigValueType.NULL;
    }

    /** Whether the key holds a block. */
    boolean holdsObject(String key) {
        return object != null && object.get(key) instanceof ConfigObject;
    }

    /** Whether the key holds a list without items. */
    boolean isEmptyList(String key) {
        return object != null && object.get(key) instanceof ConfigList list && list.isEmpty();
    }

    /** The keys of this section where the user chooses them, in their order; each must be read then. */
    SortedSet<String> keys() {
        return object == null ? Collections.emptySortedSet() : new TreeSet<>(object.keySet());
    }

    private @Nullable ConfigValue take(String key) {
        known.add(key);
        ConfigValue value = object == null ? null : object.get(key);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return null;
        }
        report.place(path(key), position(value.origin()));
        return value;
    }

    private Position position(ConfigOrigin origin) {
        return Origins.position(report.file(), origin);
    }

    /** The section under a key; empty if it is not there. */
    Section section(String key) {
        return section(key, secret);
    }

    /** The section under a key whose values are never shown. */
    Section secretSection(String key) {
        return section(key, true);
    }

    private Section section(String key, boolean secret) {
        ConfigValue value = take(key);
        if (value instanceof ConfigObject inner) {
            return new Section(report, path(key), inner, secret);
        }
        if (value != null) {
            String shown = secret ? Fault.HIDDEN : render(value);
            report.fault(FaultReason.WRONG_TYPE, path(key), shown, "an object, " + key + " { ... }");
        }
        return new Section(report, path(key), null, secret);
    }

    /** The sections under a key that the user named, in the order of their names. */
    List<Named> named(String key) {
        Section all = section(key);
        List<Named> named = new ArrayList<>();
        if (all.object != null) {
            for (String name : new TreeSet<>(all.object.keySet())) {
                boolean present = all.has(name);
                Section section = all.section(name);
                if (present) {
                    named.add(new Named(name, section));
                }
            }
        }
        return named;
    }

    record Named(String name, Section section) {}

    /** A whole number of {@code min..max}. */
    int integer(String key, int min, int max, int fallback) {
        String accepted = "a whole number " + min + ".." + max;
        return scalar(key, accepted, text -> {
                    if (!text.matches("[+-]?\\d{1,18}")) {
                        throw new IllegalArgumentException(accepted);
                    }
                    long number = Long.parseLong(text);
                    if (number < min || number > max) {
                        throw new OutOfRangeException(accepted);
                    }
                    return (int) number;
                })
                .orElse(fallback);
    }

    /** A whole number of {@code min..max}, empty if the key is not there. */
    Optional<Integer> optionalInteger(String key, int min, int max) {
        if (!has(key)) {
            known.add(key);
            return Optional.empty();
        }
        return Optional.of(integer(key, min, max, min));
    }

    boolean bool(String key, boolean fallback) {
        String accepted = "true or false";
        return scalar(key, accepted, text -> {
                    String lower = text.toLowerCase(Locale.ROOT);
                    if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
                        throw new IllegalArgumentException(accepted);
                    }
                    return TRUE.contains(lower);
                })
                .orElse(fallback);
    }

    /** True or false, empty if the key is not there. */
    Optional<Boolean> optionalBool(String key) {
        boolean present = has(key);
        boolean value = bool(key, false);
        return present ? Optional.of(value) : Optional.empty();
    }

    /** A time of {@code min..max}. */
    Duration duration(String key, Duration min, Duration max, Duration fallback) {
        return duration(key, min, max, Duration.ofNanos(1), fallback, "");
    }

    /** A time of {@code min..max} in whole steps; {@code condition} says when these limits hold. */
    Duration duration(String key, Duration min, Duration max, Duration step, Duration fallback, String condition) {
        String range = Durations.format(min) + ".." + Durations.format(max)
                + (step.toNanos() > 1 ? " in steps of " + Durations.format(step) : "") + condition;
        return scalar(key, Durations.FORM + ", " + range, text -> {
                    Duration time = Durations.parse(text);
                    boolean whole = time.toSeconds() > 1L << 33 || time.toNanos() % step.toNanos() == 0;
                    if (time.compareTo(min) < 0 || time.compareTo(max) > 0 || !whole) {
                        throw new OutOfRangeException(range);
                    }
                    return time;
                })
                .orElse(fallback);
    }

    /** One of the constants, written in lower case with {@code -}. */
    <E extends Enum<E>> E choice(String key, List<E> choices, E fallback) {
        String accepted =
                String.join(", ", choices.stream().map(Section::spelling).toList());
        return scalar(
                        key,
                        accepted,
                        text -> choices.stream()
                                .filter(choice -> spelling(choice).equals(text.toLowerCase(Locale.ROOT)))
                                .findFirst()
                                .orElseThrow(() -> new OutOfRangeException(accepted)))
                .orElse(fallback);
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * A value that {@code parse} reads, empty if the key is not there or wrong.
     *
     * @param accepted what is accepted, for a value of the wrong type
     * @param parse throws IllegalArgumentException, with what is accepted as its message
     */
    <T> Optional<T> scalar(String key, String accepted, Function<String, T> parse) {
        ConfigValue value = take(key);
        return value == null ? Optional.empty() : read(path(key), value, accepted, parse);
    }

    private <T> Optional<T> read(String key, ConfigValue value, String accepted, Function<String, T> parse) {
        if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
            report.fault(FaultReason.WRONG_TYPE, key, secret ? Fault.HIDDEN : render(value), accepted);
            return Optional.empty();
        }
        String text = text(value);
        // A URL may hold a user's password.
        boolean hidden = secret || (text.contains("://") && text.contains("@"));
        String shown = hidden ? Fault.HIDDEN : text.isEmpty() ? "\"\"" : text;
        try {
            return Optional.of(parse.apply(text));
        } catch (OutOfRangeException e) {
            report.fault(FaultReason.OUT_OF_RANGE, key, shown, e.accepted());
        } catch (IllegalArgumentException e) {
            report.fault(FaultReason.MALFORMED, key, shown, accepted);
        }
        return Optional.empty();
    }

    /** The items of a list that {@code parse} reads; wrong ones are reported and left out. */
    <T> List<Placed<T>> list(String key, String accepted, Function<String, T> parse) {
        List<Placed<T>> items = new ArrayList<>();
        for (Item item : items(key, accepted)) {
            read(item.path(), item.value(), accepted, parse)
                    .ifPresent(value -> items.add(new Placed<>(item.path(), value)));
        }
        return items;
    }

    /** The items of a list, each a value that {@code parse} reads or an object that {@code object} reads to its end. */
    <T> List<Placed<T>> list(
            String key, String accepted, Function<String, T> parse, Function<Section, Optional<T>> object) {
        List<Placed<T>> items = new ArrayList<>();
        for (Item item : items(key, accepted)) {
            Optional<T> value = item.value() instanceof ConfigObject inner
                    ? object.apply(new Section(report, item.path(), inner, secret))
                    : read(item.path(), item.value(), accepted, parse);
            value.ifPresent(found -> items.add(new Placed<>(item.path(), found)));
        }
        return items;
    }

    /** The items of a list, each an object that {@code object} reads to its end; what is none is never shown. */
    <T> List<Placed<T>> secretList(String key, String accepted, Function<Section, Optional<T>> object) {
        List<Placed<T>> items = new ArrayList<>();
        for (Item item : items(key, accepted, true)) {
            if (item.value() instanceof ConfigObject inner) {
                object.apply(new Section(report, item.path(), inner, true))
                        .ifPresent(found -> items.add(new Placed<>(item.path(), found)));
            } else {
                report.fault(FaultReason.WRONG_TYPE, item.path(), Fault.HIDDEN, accepted);
            }
        }
        return items;
    }

    /** An item of a list and its full name. */
    record Placed<T>(String path, T value) {
        static <T> List<T> values(List<Placed<T>> items) {
            return items.stream().map(Placed::value).toList();
        }
    }

    /** The commands of a list: each one string, split as a shell splits it, or a list of words. */
    List<Command> commands(String key) {
        List<Command> commands = new ArrayList<>();
        for (Item item : items(key, Commands.ACCEPTED_LIST)) {
            command(item.path(), item.value(), Commands.ACCEPTED_ITEM).ifPresent(commands::add);
        }
        return commands;
    }

    /** A list of words, or one string that is split as a shell splits it; empty if the key is not there or wrong. */
    List<String> words(String key, String accepted) {
        if (object != null && object.get(key) instanceof ConfigList) {
            return Placed.values(list(key, accepted, Section::nonEmpty));
        }
        return scalar(key, accepted, text -> ShellWords.split(nonEmpty(text))).orElse(List.of());
    }

    /** A command: a list of words, or one string that is split as a shell splits it. */
    Optional<Command> command(String key) {
        ConfigValue value = take(key);
        return value == null ? Optional.empty() : command(path(key), value, Commands.ACCEPTED);
    }

    private Optional<Command> command(String key, ConfigValue value, String accepted) {
        boolean words = value instanceof ConfigList list && list.stream().noneMatch(Section::isCompound);
        if (isCompound(value) && !words) {
            report.fault(FaultReason.WRONG_TYPE, key, render(value), accepted);
            return Optional.empty();
        }
        try {
            return Optional.of(
                    value instanceof ConfigList list
                            ? Commands.ofWords(list.stream().map(Section::text).toList())
                            : Commands.parse(text(value)));
        } catch (Commands.NoProgramException e) {
            // The arguments may hold a password: the program is all that is shown.
            report.fault(FaultReason.MALFORMED, key, e.program(), accepted);
        } catch (IllegalArgumentException e) {
            report.fault(FaultReason.MALFORMED, key, "", accepted + "; " + e.getMessage());
        }
        return Optional.empty();
    }

    /** What is tracked: each item a name, or an object of name, weight and reverse. */
    List<Reference> references(String key, int maxWeight) {
        String accepted = "a list of names or of { name = NAME, weight = -" + maxWeight + ".." + maxWeight
                + ", reverse = true or false }";
        List<Reference> references = new ArrayList<>();
        for (Item item : items(key, accepted)) {
            if (item.value() instanceof ConfigObject inner) {
                Section section = new Section(report, item.path(), inner, secret);
                Optional<String> name = section.required("name", "a name", Section::nonEmpty);
                Optional<Integer> weight = section.optionalInteger("weight", -maxWeight, maxWeight);
                Optional<Boolean> reverse = section.optionalBool("reverse");
                section.finish();
                name.ifPresent(n -> references.add(new Reference(item.path(), n, weight, reverse)));
            } else {
                read(item.path(), item.value(), accepted, Section::nonEmpty)
                        .ifPresent(name ->
                                references.add(new Reference(item.path(), name, Optional.empty(), Optional.empty())));
            }
        }
        return references;
    }

    /**
     * One entry of a track list.
     *
     * @param path its place in the list
     * @param name what it refers to
     * @param weight the entry's own weight, if it has one
     * @param reverse whether it counts the other way round, if the entry says so
     */
    record Reference(String path, String name, Optional<Integer> weight, Optional<Boolean> reverse) {}

    /** As {@link #scalar}, for a key that must be there. */
    <T> Optional<T> required(String key, String accepted, Function<String, T> parse) {
        requirePresent(key, accepted);
        return scalar(key, accepted, parse);
    }

    /** Reports a key that must be there and is not. */
    void requirePresent(String key, String accepted) {
        if (!has(key)) {
            report.fault(FaultReason.MISSING, path(key), "", accepted);
        }
    }

    private record Item(String path, ConfigValue value) {}

    private List<Item> items(String key, String accepted) {
        return items(key, accepted, secret);
    }

    private List<Item> items(String key, String accepted, boolean hidden) {
        List<Item> items = new ArrayList<>();
        ConfigValue value = take(key);
        if (value instanceof ConfigList list) {
            for (int i = 0; i < list.size(); i++) {
                ConfigValue item = list.get(i);
                String itemPath = path(key) + "[" + i + "]";
                report.place(itemPath, position(item.origin()));
                items.add(new Item(itemPath, item));
            }
        } else if (value != null) {
            report.fault(FaultReason.WRONG_TYPE, path(key), hidden ? Fault.HIDDEN : render(value), accepted);
        }
        return items;
    }

    /** Reports every key that is there and was not asked for; its value is not shown, for it may be a mistyped password. */
    void finish() {
        if (object == null) {
            return;
        }
        for (String key : new TreeSet<>(object.keySet())) {
            if (!known.contains(key)) {
                ConfigValue value = object.get(key);
                if (value != null) {
                    report.place(path(key), position(value.origin()));
                }
                String keys = String.join(", ", known);
                String hint = Suggestions.closest(key, known)
                        .map(meant -> "did you mean " + meant + "? (" + keys + ")")
                        .orElse(keys);
                report.fault(FaultReason.UNKNOWN_KEY, path(key), "", hint);
            }
        }
    }

    private static String nonEmpty(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a name");
        }
        return text;
    }

    private static boolean isCompound(ConfigValue value) {
        return value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST;
    }

    /** The scalar as it was written, so that 1.50 is not shown as 1.5. */
    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.NULL
                ? "null"
                : value.atKey("value").getString("value");
    }

    /** What kind of thing stands there; the contents of lists and objects may be secret. */
    private static String render(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "{...}";
            case LIST -> "[...]";
            case NULL -> "null";
            default -> text(value);
        };
    }

    /** Thrown for a value in the right form and not among the accepted ones. */
    static final class OutOfRangeException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String accepted;

        OutOfRangeException(String accepted) {
            super(accepted);
            this.accepted = accepted;
        }

        String accepted() {
            return accepted;
        }
    }
}
