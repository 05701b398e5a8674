package dev.holdfast.vrrp.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hears who else claims the addresses of one instance that go on other interfaces than its own. */
final class DeviceClaims {
    private final Host host;
    private final Instance instance;
    private final Map<String, ClaimPort> ports = new HashMap<>();
    private @Nullable InstanceSpec seen;

    DeviceClaims(Host host, Instance instance) {
        this.host = host;
        this.instance = instance;
    }

    /** Opens, keeps or closes its sockets, as the spec and the links want it. */
    void follow(InstanceSpec spec) {
        if (!spec.equals(seen)) {
            seen = spec;
            Set<String> wanted = instance.addresses().stream()
                    .map(spec::claimsDeviceOf)
                    .filter(device -> !device.equals(spec.interfaceName()))
                    .collect(Collectors.toSet());
            ports.entrySet().removeIf(port -> {
                boolean unused = !wanted.contains(port.getKey());
                if (unused) {
                    port.getValue().close();
                }
                return unused;
            });
            for (String device : wanted) {
                ClaimPort port = ports.computeIfAbsent(device, this::open);
                port.addressesChanged();
            }
        }
        ports.forEach((device, port) -> port.follow(host.network().link(device)));
    }

    private ClaimPort open(String device) {
        ClaimPort port = new ClaimPort(host, device);
        port.attach(instance);
        return port;
    }

    void close() {
        ports.values().forEach(ClaimPort::close);
        ports.clear();
        seen = null;
    }
}
