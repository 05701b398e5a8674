package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteEntry;
import dev.holdfast.vrrp.engine.netlink.RuleEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The routes and rules of one instance, in the kernel if and only if it is MASTER. The kernel itself is asked what is there:
 * adding what exists already changes nothing and says so, and so does removing what is gone.
 */
final class RoutingKeeper {
    /** The changes of the kernel's tables; results are 0 or -errno. */
    interface RoutingTables {
        int add(RouteEntry route);

        int remove(RouteEntry route);

        int add(RuleEntry rule);

        int remove(RuleEntry rule);

        /** A failed result in words. */
        String describe(int failure);
    }

    /**
     * What a look at the routes and rules led to.
     *
     * @param vanished what was there at the last look, and had to be added again
     * @param failed what could not be done, in words
     */
    record Outcome(List<String> vanished, List<String> failed) {}

    private final HostNetwork network;
    private final RoutingTables tables;
    private final Set<Object> held = new LinkedHashSet<>();

    /** Whether there may be something to remove: at first, for an earlier run may have left it. */
    private boolean unclear = true;

    RoutingKeeper(HostNetwork network, RoutingTables tables) {
        this.network = network;
        this.tables = tables;
    }

    /** Adds what is not there. */
    Outcome hold(Routing wanted) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        if (wanted.isEmpty()) {
            return outcome;
        }
        unclear = true;
        wanted.routes().forEach(route -> added(route, add(route), outcome));
        wanted.rules().forEach(rule -> added(rule, tables.add(rule.entry()), outcome));
        return outcome;
    }

    private int add(VirtualRoute route) {
        int ifindex = ifindexOf(route);
        return ifindex < 0 ? -Errno.ENODEV.number() : tables.add(route.entry(ifindex));
    }

    private void added(Object what, int result, Outcome outcome) {
        if (result == 0) {
            if (!held.add(what)) {
                outcome.vanished().add(what.toString());
            }
        } else if (Errno.EEXIST.is(result)) {
            held.add(what);
        } else {
            outcome.failed().add(what + " could not be added: " + tables.describe(result));
        }
    }

    /** Removes what is there, in the opposite order. */
    Outcome release(Routing unwanted) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        if (unwanted.isEmpty() || !unclear) {
            return outcome;
        }
        unwanted.rules().reversed().forEach(rule -> removed(rule, tables.remove(rule.entry()), outcome));
        for (VirtualRoute route : unwanted.routes().reversed()) {
            int ifindex = ifindexOf(route);
            // With its interface the route is gone, too.
            removed(route, ifindex < 0 ? 0 : tables.remove(route.entry(ifindex)), outcome);
        }
        unclear = !outcome.failed().isEmpty();
        return outcome;
    }

    private void removed(Object what, int result, Outcome outcome) {
        held.remove(what);
        boolean gone = result == 0
                || Errno.ESRCH.is(result)
                || Errno.ENOENT.is(result)
                || Errno.ENODEV.is(result)
                // A kernel without that family has none of its routes.
                || Errno.EAFNOSUPPORT.is(result)
                || Errno.EOPNOTSUPP.is(result);
        if (!gone) {
            outcome.failed().add(what + " could not be removed: " + tables.describe(result));
        }
    }

    /** Another configuration: removes what it no longer has. */
    Outcome configure(Routing before, Routing after) {
        unclear = true;
        Outcome outcome = release(new Routing(
                before.routes().stream()
                        .filter(route -> !after.routes().contains(route))
                        .toList(),
                before.rules().stream()
                        .filter(rule -> !after.rules().contains(rule))
                        .toList()));
        unclear = true;
        return outcome;
    }

    /** The interface that a route names; 0 if it names none, -1 while there is none of that name. */
    private int ifindexOf(VirtualRoute route) {
        if (route.device().isEmpty()) {
            return 0;
        }
        Link link = network.link(route.device().get());
        return link == null ? -1 : link.index();
    }
}
