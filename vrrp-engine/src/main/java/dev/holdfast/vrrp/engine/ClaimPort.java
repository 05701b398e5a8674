package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ClaimListener;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Hears on one interface who else claims the addresses that instances have on it. Follows the link, as their sockets do. */
final class ClaimPort {
    private final Host host;
    private final String interfaceName;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Ear> ears = List.of(new Ear(IpFamily.IPV4), new Ear(IpFamily.IPV6));
    private boolean changed;
    private @Nullable String refused;
    private int ifindex;

    /** What hears the claims to the addresses of one family. */
    private final class Ear {
        private final IpFamily family;
        private @Nullable ClaimListener listener;
        private Watches.@Nullable Watch watch;

        Ear(IpFamily family) {
            this.family = family;
        }

        void listen() {
            List<IpAddress> addresses = instances.stream()
                    .flatMap(instance -> instance.addresses().stream()
                            .filter(vip -> instance.spec().claimsDeviceOf(vip).equals(interfaceName)))
                    .map(VipAddress::address)
                    .filter(address -> address.family() == family)
                    .toList();
            ClaimListener open = listener;
            if (open == null && !addresses.isEmpty()) {
                open = host.sockets().claims(family, ifindex);
                listener = open;
                watch = host.watches().watch(open.fd(), this::drain);
            }
            if (open != null) {
                open.listenFor(addresses);
            }
        }

        private void drain() {
            ClaimListener open = listener;
            if (open != null) {
                open.drain(claim -> instances.forEach(instance -> instance.claimed(claim)));
            }
        }

        void close() {
            if (watch != null) {
                watch.end();
                watch = null;
            }
            if (listener != null) {
                listener.close();
                listener = null;
            }
        }
    }

    ClaimPort(Host host, String interfaceName) {
        this.host = host;
        this.interfaceName = interfaceName;
    }

    void attach(Instance instance) {
        instances.add(instance);
        changed = true;
    }

    void detach(Instance instance) {
        instances.remove(instance);
        changed = true;
    }

    /** The addresses of an instance are others now. */
    void addressesChanged() {
        changed = true;
    }

    /** Opens, keeps or reopens the sockets, and has them hear what the instances want. Without them the protocol works all the same. */
    void follow(@Nullable Link link) {
        int index = link == null ? 0 : link.index();
        if (index != ifindex) {
            close();
            ifindex = index;
            changed = true;
            refused = null;
        }
        if (ifindex == 0 || !changed) {
            return;
        }
        try {
            ears.forEach(Ear::listen);
            changed = false;
            refused = null;
        } catch (SystemCallException e) {
            // Tried again, but not told again.
            if (!Objects.equals(refused, e.getMessage())) {
                refused = e.getMessage();
                String message = "other holders of its addresses can't be looked for: " + refused;
                instances.forEach(
                        instance -> host.listener().trouble(instance.spec().name(), message));
            }
        }
    }

    /** Whether the last {@link #follow} got its sockets, if it wanted any. */
    boolean isComplete() {
        return refused == null;
    }

    void close() {
        ears.forEach(Ear::close);
    }
}
