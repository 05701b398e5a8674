package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ArpListener;
import dev.holdfast.vrrp.engine.ffi.SystemCallException;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears on one interface who else claims the IPv4 addresses that instances have on it. Follows the link, as their sockets do. */
final class ClaimPort {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimPort.class);

    private final Host host;
    private final String interfaceName;
    private final List<Instance> instances = new ArrayList<>();
    private boolean changed;
    private @Nullable String refused;
    private int ifindex;
    private @Nullable ArpListener listener;
    private EngineLoop.@Nullable Watch watch;

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

    /** Opens, keeps or reopens the socket, and has it hear what the instances want. Without it the protocol works all the same. */
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
        List<IpAddress> addresses = instances.stream()
                .flatMap(instance -> instance.addresses().stream()
                        .filter(vip -> instance.spec().claimsDeviceOf(vip).equals(interfaceName)))
                .map(VipAddress::address)
                .filter(address -> address.family() == IpFamily.IPV4)
                .toList();
        try {
            ArpListener open = listener;
            if (open == null && !addresses.isEmpty()) {
                open = new ArpListener(host.libc(), index);
                listener = open;
                watch = host.loop().watch(open.fd(), this::drain);
            }
            if (open != null) {
                open.listenFor(addresses);
            }
            changed = false;
            refused = null;
        } catch (SystemCallException e) {
            // Tried again, but not told again.
            if (!Objects.equals(refused, e.getMessage())) {
                refused = e.getMessage();
                LOG.warn("other holders of virtual addresses can't be looked for: {}", refused);
            }
        }
    }

    /** Whether the last {@link #follow} got its socket, if it wanted one. */
    boolean isComplete() {
        return refused == null;
    }

    private void drain() {
        ArpListener open = listener;
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
