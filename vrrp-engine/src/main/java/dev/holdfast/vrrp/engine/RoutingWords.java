package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words of a route or rule, as {@code ip route} and {@code ip rule} write them, while they are read. */
final class RoutingWords {
    static final int MAIN_TABLE = 254;

    /** Tables that every host has (rtnetlink(7)). */
    private static final Map<String, Integer> TABLES = Map.of("default", 253, "main", MAIN_TABLE, "local", 255);

    private static final Map<String, Integer> SCOPES =
            Map.of("global", 0, "universe", 0, "site", 200, "link", 253, "host", 254, "nowhere", 255);
    private static final long MAX_UNSIGNED = 0xFFFF_FFFFL;
    private static final int LONGEST_NAME = 15;

    private final Deque<String> words;
    private final Set<String> seen = new HashSet<>();
    private @Nullable IpFamily family;

    RoutingWords(String text) {
        this.words = new ArrayDeque<>(List.of(text.strip().split("\\s+", -1)));
    }

    boolean hasNext() {
        return !words.isEmpty();
    }

    String next() {
        return words.remove();
    }

    String peek() {
        return words.element();
    }

    /** Notes that an option is there, which it may be once. */
    void once(String option) {
        if (!seen.add(option)) {
            throw wrong(option + " is there twice");
        }
    }

    /** The word after an option. */
    String value(String option) {
        if (words.isEmpty()) {
            throw wrong(option + " needs a value");
        }
        return words.remove();
    }

    IpAddress address(String option) {
        String word = value(option);
        try {
            return ofFamily(IpAddress.parse(word));
        } catch (IllegalArgumentException e) {
            throw wrong(option + ": " + e.getMessage());
        }
    }

    private IpAddress ofFamily(IpAddress address) {
        isFamily(address.family());
        return address;
    }

    /** A network; empty for all of them. */
    Optional<IpPrefix> prefix(String option) {
        String word = value(option);
        if (word.equals("default") || word.equals("all") || word.equals("any")) {
            return Optional.empty();
        }
        try {
            IpPrefix prefix = IpPrefix.parse(word);
            ofFamily(prefix.address());
            return Optional.of(prefix);
        } catch (IllegalArgumentException e) {
            throw wrong(option + ": " + e.getMessage());
        }
    }

    /** All that is said must be of one family. */
    void isFamily(IpFamily found) {
        if (family != null && family != found) {
            throw wrong("its addresses must be of one family");
        }
        family = found;
    }

    IpFamily family() {
        return family == null ? IpFamily.IPV4 : family;
    }

    String device(String option) {
        String name = value(option);
        if (name.length() > LONGEST_NAME || !name.matches("[^\\p{Cntrl}/\"'\\\\{}]+") || name.matches("\\.\\.?")) {
            throw wrong(option + ": " + name + " can't be the name of a network interface");
        }
        return name;
    }

    int table(String option) {
        String word = value(option);
        Integer named = TABLES.get(word);
        if (named != null) {
            return named;
        }
        long number = unsigned(option, word);
        if (number == 0 || number > Integer.MAX_VALUE) {
            throw wrong(option + ": main, local, default or a number 1..2147483647, not " + word);
        }
        return (int) number;
    }

    int scope(String option) {
        String word = value(option);
        Integer named = SCOPES.get(word.toLowerCase(Locale.ROOT));
        return named != null ? named : number(option, word, 0, 255);
    }

    static String scopeName(int scope) {
        return switch (scope) {
            case 0 -> "global";
            case 200 -> "site";
            case 253 -> "link";
            case 254 -> "host";
            case 255 -> "nowhere";
            default -> Integer.toString(scope);
        };
    }

    static String tableName(int table) {
        return switch (table) {
            case 253 -> "default";
            case MAIN_TABLE -> "main";
            case 255 -> "local";
            default -> Integer.toString(table);
        };
    }

    int number(String option, int min, int max) {
        return number(option, value(option), min, max);
    }

    private int number(String option, String word, int min, int max) {
        long number = unsigned(option, word);
        if (number < min || number > max) {
            throw wrong(option + ": a number " + min + ".." + max + ", not " + word);
        }
        return (int) number;
    }

    /** 0..4294967295, also in hexadecimal. */
    long unsigned(String option) {
        return unsigned(option, value(option));
    }

    long unsigned(String option, String word) {
        boolean hexadecimal = word.matches("0[xX][0-9a-fA-F]{1,8}");
        if (hexadecimal) {
            return Long.parseLong(word.substring(2), 16);
        }
        if (!word.matches("\\d{1,10}") || Long.parseLong(word) > MAX_UNSIGNED) {
            throw wrong(option + ": a number 0.." + MAX_UNSIGNED + ", not " + word);
        }
        return Long.parseLong(word);
    }

    IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(why);
    }
}
