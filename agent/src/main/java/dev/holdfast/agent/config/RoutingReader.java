package dev.holdfast.agent.config;

import dev.holdfast.agent.config.Section.Placed;
import dev.holdfast.vrrp.engine.Routing;
import dev.holdfast.vrrp.engine.VirtualRoute;
import dev.holdfast.vrrp.engine.VirtualRule;
import java.util.List;
import java.util.function.Function;

/** Reads the routes and rules of one instance: each one string, as {@code ip route} and {@code ip rule} write it. */
final class RoutingReader {
    private static final String ROUTES = "a list of routes, such as \"default via 10.0.0.1 dev eth0 table 100\"";
    private static final String RULES = "a list of rules, such as \"from 10.0.0.70 table 100\"";

    private RoutingReader() {}

    static Routing read(Section instance) {
        List<Placed<VirtualRoute>> routes = instance.list("routes", ROUTES, saying("a route", VirtualRoute::parse));
        List<Placed<VirtualRule>> rules = instance.list("rules", RULES, saying("a rule", VirtualRule::parse));
        return new Routing(Placed.values(routes), Placed.values(rules));
    }

    /** With the reason of the refusal, for the form is long. */
    private static <T> Function<String, T> saying(String what, Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new Section.OutOfRangeException(what + " as docs/configuration.md has them: " + e.getMessage());
            }
        };
    }
}
