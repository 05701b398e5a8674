package dev.holdfast.swarm;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What people have put into a Swarm: services, secrets, configs and networks.
 *
 * @param items in the order of kind and name
 */
public record Inventory(List<Item> items) {

    /** Nothing. */
    public static final Inventory EMPTY = new Inventory(List.of());

    /**
     * One thing. A fork keeps the ids, so that the same id on both sides is the same thing.
     *
     * @param kind {@code service}, {@code secret}, {@code config} or {@code network}
     * @param name as people gave it
     * @param fingerprint of what was asked for; the same on both sides unless one was changed since
     * @param updatedAt when it was last changed, as the engine writes it; empty if it does not say
     */
    public record Item(String kind, String id, String name, String fingerprint, String updatedAt) {

        /** {@return kind and name, for people} */
        public String displayName() {
            return kind + " " + name;
        }

        private boolean isNewerThan(Item other) {
            if (fingerprint.equals(other.fingerprint)) {
                return false;
            }
            try {
                return Instant.parse(updatedAt).isAfter(Instant.parse(other.updatedAt));
            } catch (DateTimeException e) {
                // Different, and nobody knows which is the newer: it could be this one.
                return true;
            }
        }
    }

    /** Copies the list. */
    public Inventory {
        items = List.copyOf(items);
    }

    /**
     * What would be lost if this state gave way to the other: things that only this one has, and things that were changed here
     * after they were changed there.
     */
    public List<Item> missingFrom(Inventory other) {
        Map<String, Item> theirs =
                other.items.stream().collect(Collectors.toMap(Item::id, Function.identity(), (one, _) -> one));
        return items.stream()
                .filter(item -> {
                    Item same = theirs.get(item.id());
                    return same == null || item.isNewerThan(same);
                })
                .toList();
    }
}
