package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.TimerMath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The addresses of one instance, on their interfaces if and only if it is MASTER. What goes wrong is told and tried again.
 *
 * <p>They have a lifetime and are renewed while MASTER, so that the kernel removes them from a host whose agent was killed,
 * stopped or hangs. It is renewed when a third of it has passed: two renewals may fail before the address is lost.
 */
final class InstanceAddresses implements VipKeeper.Devices {
    private static final long RETRY_NANOS = 1_000_000_000;

    private final Host host;
    private final Footing footing;
    private final Troubles troubles;
    private InstanceSpec spec;
    private List<VipAddress> all;
    private final RoutingKeeper routing;
    private final RepairLimit repairs = new RepairLimit();
    private final Remover remover = new Remover(Path.of("/"));
    private long retryAtNanos = Long.MAX_VALUE;
    private long renewAtNanos = Long.MAX_VALUE;
    private long renewedAtNanos;

    /** The link that they were put on last: where they are still, if it has another name now. */
    private int placedOn;

    InstanceAddresses(Host host, Footing footing, Troubles troubles, InstanceSpec spec) {
        this.host = host;
        this.footing = footing;
        this.troubles = troubles;
        this.spec = spec;
        this.all = allOf(spec);
        this.routing = new RoutingKeeper(host.network(), host.routing());
    }

    private static List<VipAddress> allOf(InstanceSpec spec) {
        List<VipAddress> all = new ArrayList<>(spec.addresses());
        all.addAll(spec.excludedAddresses());
        return List.copyOf(all);
    }

    /** Advertised and excluded ones, in the order of the configuration. */
    List<VipAddress> all() {
        return all;
    }

    /** Those that are on their interfaces now. */
    List<VipAddress> held() {
        return all.stream().filter(this::has).toList();
    }

    /** Whether an address is on its interface. */
    private boolean has(VipAddress vip) {
        int ifindex = ifindexOf(vip);
        return ifindex != 0 && host.network().has(ifindex, vip.address());
    }

    @Override
    public int ifindexOf(VipAddress vip) {
        if (vip.options().device().isEmpty()) {
            return footing.ifindex();
        }
        Link link = host.network().link(spec.deviceOf(vip));
        return link == null ? 0 : link.index();
    }

    /** When {@link #mend} is to try again; {@link Long#MAX_VALUE}: it need not. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /** When {@link #renew} is due; {@link Long#MAX_VALUE}: not at all. */
    long renewAtNanos() {
        return renewAtNanos;
    }

    /** Releases the addresses, routes and rules that the next spec does not have. */
    void giveUp(long now, InstanceSpec next) {
        tellFailures(now, routing.configure(spec.routing(), next.routing()));
        List<VipAddress> kept = allOf(next);
        release(now, all.stream().filter(vip -> !kept.contains(vip)).toList());
    }

    /** Another spec; what it does not have was given up. */
    void configure(InstanceSpec changed) {
        if (!changed.promoteSecondaries()) {
            host.promotion().leave(spec.name());
        }
        spec = changed;
        all = allOf(changed);
    }

    /** Puts on the interface what is not there, and gives what is there the lifetime that the spec says. */
    void hold(long now) {
        retryAtNanos = Long.MAX_VALUE;
        placedOn = footing.ifindex();
        VipKeeper.Outcome outcome = host.vips().hold(this, all, lifetimeSeconds());
        tellFailures(now, outcome);
        if (outcome.added().size() < all.size()) {
            tellFailures(now, host.vips().renew(this, all, lifetimeSeconds()));
        }
        renewed(now);
        holdRouting(now);
    }

    /** After the addresses, one of which may be a route's source. Looked at once a second: the kernel tells of no change. */
    private void holdRouting(long now) {
        if (spec.routing().isEmpty()) {
            return;
        }
        RoutingKeeper.Outcome outcome = routing.hold(spec.routing());
        if (!outcome.vanished().isEmpty()) {
            troubles.tell(now, join(outcome.vanished()) + " vanished while MASTER; put back");
        }
        tellFailures(now, outcome);
        retryAtNanos = Math.min(retryAtNanos, now + RETRY_NANOS);
    }

    /** Lets the lifetimes begin anew; for a MASTER alone. */
    void renew(long now) {
        if (hasExpired(now)) {
            troubles.tell(now, join(all) + " " + howItVanished(now, all) + "; put back");
        }
        tellFailures(now, host.vips().renew(this, all, lifetimeSeconds()));
        renewed(now);
    }

    private void renewed(long now) {
        renewedAtNanos = now;
        renewAtNanos = spec.vipLifetime().isZero() ? Long.MAX_VALUE : now + renewAfterNanos(spec);
    }

    /**
     * When a third of the lifetime has passed. With fast adverts, where the lifetime is many times Master_Down_Interval,
     * later, up to two thirds: a MASTER that is late by Master_Down_Interval has lost its role anyhow, and what is left is
     * still three times that.
     */
    static long renewAfterNanos(InstanceSpec spec) {
        long lifetimeNanos = spec.vipLifetime().toNanos();
        long masterDownNanos = TimerMath.masterDownNanos(
                spec.version(), spec.priority(), spec.advertInterval().toNanos());
        return Math.clamp(lifetimeNanos - 3 * masterDownNanos, lifetimeNanos / 3, lifetimeNanos * 2 / 3);
    }

    private int lifetimeSeconds() {
        return (int) spec.vipLifetime().toSeconds();
    }

    /** Takes off the interface what is there. */
    void release(long now) {
        renewAtNanos = Long.MAX_VALUE;
        retryAtNanos = Long.MAX_VALUE;
        tellFailures(now, routing.release(spec.routing()));
        if (!isOwner()) {
            host.vips().releaseUnknown(this, all);
        }
        release(now, all);
    }

    /** Until the release nothing is to be mended. */
    void leaveAsTheyAre() {
        retryAtNanos = Long.MAX_VALUE;
    }

    /** The instance ends, and with it what it set for the time that it runs. */
    void close() {
        host.promotion().leave(spec.name());
    }

    private void release(long now, List<VipAddress> addresses) {
        if (placedOn != 0 && placedOn != footing.ifindex()) {
            tellFailures(
                    now,
                    host.vips().release(vip -> vip.options().device().isEmpty() ? placedOn : 0, addresses, isOwner()));
        }
        tellFailures(now, host.vips().release(this, addresses, isOwner()));
    }

    /**
     * Mends what somebody else did to the addresses, or what did not work before.
     *
     * @return whether an address was put back, so that it must be announced
     */
    boolean mend(long now, boolean master) {
        retryAtNanos = Long.MAX_VALUE;
        if (spec.promoteSecondaries()) {
            host.promotion()
                    .keep(spec.name(), all.stream().map(spec::deviceOf).collect(Collectors.toSet()))
                    .ifPresent(failure -> troubles.tell(now, failure));
        }
        if (master) {
            if (now < repairs.nextAtNanos()) {
                // Whoever removes it again and again must not keep this loop from its adverts.
                retryAtNanos = repairs.nextAtNanos();
                return false;
            }
            VipKeeper.Outcome outcome = host.vips().hold(this, all, lifetimeSeconds());
            if (!outcome.added().isEmpty()) {
                troubles.tell(
                        now,
                        join(outcome.added()) + " " + howItVanished(now, outcome.added())
                                + (hasExpired(now) ? "" : remover(outcome))
                                + (repairs.isExceeded()
                                        ? "; it keeps vanishing, put back once a second"
                                        : "; put back"));
                repairs.repaired(now);
                if (outcome.added().size() == all.size()) {
                    renewed(now);
                }
            }
            tellFailures(now, outcome);
            holdRouting(now);
            return !outcome.added().isEmpty();
        }
        tellFailures(now, routing.release(spec.routing()));
        VipKeeper.Outcome outcome = host.vips().release(this, all, isOwner());
        if (!outcome.removed().isEmpty()) {
            troubles.tell(
                    now,
                    join(outcome.removed()) + " was on " + devices(vipsOf(outcome.removed()))
                            + " although this host is not MASTER; removed");
        }
        tellFailures(now, outcome);
        return false;
    }

    private String remover(VipKeeper.Outcome outcome) {
        return remover.describe(
                host.network().removerOf(outcome.added().getFirst().address()));
    }

    private boolean hasExpired(long now) {
        return !spec.vipLifetime().isZero()
                && now - renewedAtNanos >= spec.vipLifetime().toNanos();
    }

    private String howItVanished(long now, List<VipAddress> vanished) {
        return hasExpired(now)
                ? String.format(
                        Locale.ROOT,
                        "expired on %s while MASTER, because it could not be renewed for %.1f s",
                        devices(vanished),
                        (now - renewedAtNanos) / 1e9)
                : "vanished from " + devices(vanished) + " while MASTER";
    }

    private List<VipAddress> vipsOf(List<HostAddress> entries) {
        return all.stream()
                .filter(vip ->
                        entries.stream().anyMatch(entry -> entry.address().equals(vip.address())))
                .toList();
    }

    /** The names of the interfaces that addresses belong on. */
    private String devices(List<VipAddress> addresses) {
        return addresses.stream().map(spec::deviceOf).distinct().collect(Collectors.joining(", "));
    }

    /** Whether this host has one of them by itself, so that it stays here whoever is MASTER. */
    boolean areOwn() {
        return isOwner()
                && all.stream()
                        .flatMap(vip -> host.network().find(footing.ifindex(), vip.address()).stream())
                        .anyMatch(entry -> !entry.isOurs());
    }

    private boolean isOwner() {
        return spec.priority() == RouterSettings.OWNER_PRIORITY;
    }

    private static String join(List<?> addresses) {
        return addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void tellFailures(long now, RoutingKeeper.Outcome outcome) {
        outcome.failed().forEach(failure -> troubles.tell(now, failure));
        if (!outcome.failed().isEmpty()) {
            retryAtNanos = now + RETRY_NANOS;
        }
    }

    private void tellFailures(long now, VipKeeper.Outcome outcome) {
        for (VipKeeper.Failure failure : outcome.failed()) {
            troubles.tell(now, spec.deviceOf(failure.address()) + ": " + failure);
        }
        if (!outcome.isComplete()) {
            retryAtNanos = now + RETRY_NANOS;
        }
    }
}
