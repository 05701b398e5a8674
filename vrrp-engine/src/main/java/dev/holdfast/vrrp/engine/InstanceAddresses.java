package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.fsm.RouterSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The addresses of one instance, on its interface if and only if it is MASTER. What goes wrong is told and tried again.
 *
 * <p>They have a lifetime and are renewed while MASTER, so that the kernel removes them from a host whose agent was killed,
 * stopped or hangs. It is renewed when a third of it has passed: two renewals may fail before the address is lost.
 */
final class InstanceAddresses {
    private static final long RETRY_NANOS = 1_000_000_000;

    private final Host host;
    private final Footing footing;
    private final Troubles troubles;
    private InstanceSpec spec;
    private List<VipAddress> all;
    private final RepairLimit repairs = new RepairLimit();
    private final Remover remover = new Remover(Path.of("/"));
    private long retryAtNanos = Long.MAX_VALUE;
    private long renewAtNanos = Long.MAX_VALUE;
    private long renewedAtNanos;

    InstanceAddresses(Host host, Footing footing, Troubles troubles, InstanceSpec spec) {
        this.host = host;
        this.footing = footing;
        this.troubles = troubles;
        this.spec = spec;
        this.all = allOf(spec);
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

    /** Those that are on the interface now. */
    List<VipAddress> held() {
        return all.stream()
                .filter(vip -> footing.ifindex() != 0 && host.network().has(footing.ifindex(), vip.address()))
                .toList();
    }

    /** When {@link #mend} is to try again; {@link Long#MAX_VALUE}: it need not. */
    long retryAtNanos() {
        return retryAtNanos;
    }

    /** When {@link #renew} is due; {@link Long#MAX_VALUE}: not at all. */
    long renewAtNanos() {
        return renewAtNanos;
    }

    /** Another spec: addresses that it no longer has are released. */
    void configure(long now, InstanceSpec changed) {
        List<VipAddress> before = all;
        spec = changed;
        all = allOf(changed);
        release(now, before.stream().filter(vip -> !all.contains(vip)).toList());
    }

    /** Puts on the interface what is not there, and gives what is there the lifetime that the spec says. */
    void hold(long now) {
        retryAtNanos = Long.MAX_VALUE;
        VipKeeper.Outcome outcome = host.vips().hold(footing.ifindex(), all, lifetimeSeconds());
        tellFailures(now, outcome);
        if (outcome.added().size() < all.size()) {
            tellFailures(now, host.vips().renew(footing.ifindex(), all, lifetimeSeconds()));
        }
        renewed(now);
    }

    /** Lets the lifetimes begin anew; for a MASTER alone. */
    void renew(long now) {
        if (hasExpired(now)) {
            troubles.tell(now, join(all) + " " + howItVanished(now) + "; put back");
        }
        tellFailures(now, host.vips().renew(footing.ifindex(), all, lifetimeSeconds()));
        renewed(now);
    }

    private void renewed(long now) {
        renewedAtNanos = now;
        long lifetimeNanos = spec.vipLifetime().toNanos();
        renewAtNanos = lifetimeNanos == 0 ? Long.MAX_VALUE : now + lifetimeNanos / 3;
    }

    private int lifetimeSeconds() {
        return (int) spec.vipLifetime().toSeconds();
    }

    /** Takes off the interface what is there. */
    void release(long now) {
        renewAtNanos = Long.MAX_VALUE;
        retryAtNanos = Long.MAX_VALUE;
        release(now, all);
    }

    private void release(long now, List<VipAddress> addresses) {
        tellFailures(now, host.vips().release(footing.ifindex(), addresses, isOwner()));
    }

    /**
     * Mends what somebody else did to the addresses, or what did not work before.
     *
     * @return whether an address was put back, so that it must be announced
     */
    boolean mend(long now, boolean master) {
        retryAtNanos = Long.MAX_VALUE;
        if (master) {
            if (now < repairs.nextAtNanos()) {
                // Whoever removes it again and again must not keep this loop from its adverts.
                retryAtNanos = repairs.nextAtNanos();
                return false;
            }
            VipKeeper.Outcome outcome = host.vips().hold(footing.ifindex(), all, lifetimeSeconds());
            if (!outcome.added().isEmpty()) {
                troubles.tell(
                        now,
                        join(outcome.added()) + " " + howItVanished(now) + (hasExpired(now) ? "" : remover(outcome))
                                + (repairs.isExceeded()
                                        ? "; it keeps vanishing, put back once a second"
                                        : "; put back"));
                repairs.repaired(now);
                if (outcome.added().size() == all.size()) {
                    renewed(now);
                }
            }
            tellFailures(now, outcome);
            return !outcome.added().isEmpty();
        }
        if (footing.ifindex() != 0) {
            VipKeeper.Outcome outcome = host.vips().release(footing.ifindex(), all, isOwner());
            if (!outcome.removed().isEmpty()) {
                troubles.tell(
                        now,
                        join(outcome.removed()) + " was on " + spec.interfaceName()
                                + " although this host is not MASTER; removed");
            }
            tellFailures(now, outcome);
        }
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

    private String howItVanished(long now) {
        return hasExpired(now)
                ? String.format(
                        Locale.ROOT,
                        "expired on %s while MASTER, because it could not be renewed for %.1f s",
                        spec.interfaceName(),
                        (now - renewedAtNanos) / 1e9)
                : "vanished from " + spec.interfaceName() + " while MASTER";
    }

    private boolean isOwner() {
        return spec.priority() == RouterSettings.OWNER_PRIORITY;
    }

    private static String join(List<?> addresses) {
        return addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void tellFailures(long now, VipKeeper.Outcome outcome) {
        for (VipKeeper.Failure failure : outcome.failed()) {
            troubles.tell(now, spec.interfaceName() + ": " + failure);
        }
        if (!outcome.isComplete()) {
            retryAtNanos = now + RETRY_NANOS;
        }
    }
}
