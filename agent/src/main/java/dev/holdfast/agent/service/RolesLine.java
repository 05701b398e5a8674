package dev.holdfast.agent.service;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The roles of all instances in one line that stays short. */
public final class RolesLine {
    /** So many instances are named, more are counted. */
    private static final int NAMED = 4;

    private RolesLine() {}

    /**
     * For example {@code VI_1 MASTER, VI_2 BACKUP}, or {@code 12 MASTER, 3 BACKUP}.
     *
     * @param roles what each instance is, by its name
     */
    public static String of(Map<String, ? extends Enum<?>> roles) {
        if (roles.size() <= NAMED) {
            return roles.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(role -> role.getKey() + " " + role.getValue())
                    .collect(Collectors.joining(", "));
        }
        Map<String, Long> counts =
                roles.values().stream().collect(Collectors.groupingBy(Enum::name, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }
}
