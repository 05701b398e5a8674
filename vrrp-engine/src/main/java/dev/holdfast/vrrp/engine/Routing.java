package dev.holdfast.vrrp.engine;

import java.util.List;

/**
 * What an instance changes in the host's routing while it is MASTER, besides its addresses.
 *
 * @param routes added in this order, after the addresses, and removed before them
 * @param rules added after the routes, and removed before them
 */
public record Routing(List<VirtualRoute> routes, List<VirtualRule> rules) {
    /** Nothing. */
    public static final Routing NONE = new Routing(List.of(), List.of());

    public Routing {
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    boolean isEmpty() {
        return routes.isEmpty() && rules.isEmpty();
    }
}
