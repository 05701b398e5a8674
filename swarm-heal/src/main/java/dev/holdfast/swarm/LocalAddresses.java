package dev.holdfast.swarm;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses on this host's interfaces. */
@FunctionalInterface
public interface LocalAddresses {

    /** {@return the addresses as they are now; empty if they cannot be read} */
    Set<InetAddress> current();

    /** {@return the kernel's view} */
    static LocalAddresses ofThisHost() {
        return () -> {
            try {
                return NetworkInterface.networkInterfaces()
                        .flatMap(nic -> nic.getInterfaceAddresses().stream())
                        .map(InterfaceAddress::getAddress)
                        .collect(Collectors.toUnmodifiableSet());
            } catch (SocketException e) {
                return Set.of();
            }
        };
    }
}
