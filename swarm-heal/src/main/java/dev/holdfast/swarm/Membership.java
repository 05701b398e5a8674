package dev.holdfast.swarm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who the managers are, as told by two sources that can disagree: the last leader, and the engine's own list. Which of them
 * is right cannot be known without a leader, so every decision must hold for both.
 *
 * @param views each source's managers without this node, never empty ones, each id once
 */
public record Membership(List<List<Manager>> views) {

    /** Nobody is known. */
    public static final Membership UNKNOWN = new Membership(List.of());

    /** Copies the lists. */
    public Membership {
        views = views.stream().map(List::copyOf).toList();
    }

    /**
     * Combines the sources. One that names nobody but this node is dropped: a swarm of one elects itself, so while there is
     * no leader such a list is out of date (the engine's is, for a while after a force).
     *
     * @param selfId this node's id
     * @param byLeader the last leader's list, empty if there never was one
     * @param byEngine the engine's own list
     */
    public static Membership of(String selfId, List<Manager> byLeader, List<Manager> byEngine) {
        Map<String, Endpoint> endpoints = new LinkedHashMap<>();
        Stream.concat(byLeader.stream(), byEngine.stream()).forEach(m -> {
            Endpoint endpoint = m.endpoint();
            if (endpoint != null) {
                endpoints.putIfAbsent(m.id(), endpoint);
            }
        });
        return new Membership(Stream.of(byLeader, byEngine)
                .map(view -> othersOf(view, selfId, endpoints))
                .filter(view -> !view.isEmpty())
                .toList());
    }

    /** {@return every other manager that any source names, each once} */
    public List<Manager> others() {
        Map<String, Manager> all = new LinkedHashMap<>();
        views.forEach(view -> view.forEach(m -> all.putIfAbsent(m.id(), m)));
        return List.copyOf(all.values());
    }

    private static List<Manager> othersOf(List<Manager> view, String selfId, Map<String, Endpoint> endpoints) {
        Map<String, Manager> others = new LinkedHashMap<>();
        for (Manager m : view) {
            if (!m.id().equals(selfId)) {
                @Nullable Endpoint endpoint = m.endpoint() != null ? m.endpoint() : endpoints.get(m.id());
                others.put(m.id(), new Manager(m.id(), m.hostname(), endpoint, m.reachability(), m.leader()));
            }
        }
        return List.copyOf(others.values());
    }
}
