package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.fsm.RouterSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The addresses of one instance, on its interface if and only if it is MASTER. What goes wrong is told and tried again. */
final class InstanceAddresses {
    private static final long RETRY_NANOS = 1_000_000_000;

    private final Host host;
    private final Footing footing;
    private final Troubles troubles;
    private InstanceSpec spec;
    private List<VipAddress> all;
    private long retryAtNanos = Long.MAX_VALUE;

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

    /** Another spec: addresses that it no longer has are released. */
    void configure(long now, InstanceSpec changed) {
        List<VipAddress> before = all;
        spec = changed;
        all = allOf(changed);
        release(now, before.stream().filter(vip -> !all.contains(vip)).toList());
    }

    /** Puts on the interface what is not there. */
    void hold(long now) {
        tellFailures(now, host.vips().hold(footing.ifindex(), all));
    }

    /** Takes off the interface what is there. */
    void release(long now) {
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
            VipKeeper.Outcome outcome = host.vips().hold(footing.ifindex(), all);
            if (!outcome.added().isEmpty()) {
                troubles.tell(
                        now,
                        join(outcome.added()) + " vanished from " + spec.interfaceName() + " while MASTER; put back");
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

    private boolean isOwner() {
        return spec.priority() == RouterSettings.OWNER_PRIORITY;
    }

    private static String join(List<?> addresses) {
        return addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void tellFailures(long now, VipKeeper.Outcome outcome) {
        for (VipKeeper.Failure failure : outcome.failed()) {
            troubles.tell(
                    now,
                    failure.address() + " could not be " + (failure.adding() ? "added to " : "removed from ")
                            + spec.interfaceName() + ": " + Errno.describe(failure.result()));
        }
        retryAtNanos = outcome.isComplete() ? Long.MAX_VALUE : now + RETRY_NANOS;
    }
}
