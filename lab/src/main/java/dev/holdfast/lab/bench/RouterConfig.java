package dev.holdfast.lab.bench;

import dev.holdfast.lab.Host;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What both programs are told, each in its own language: the same virtual routers, everything else by default.
 *
 * @param version 2 or 3
 * @param intervalMillis the advertisement interval; whole seconds in version 2
 * @param priority 1..255
 * @param instances how many virtual routers, 1..255, with the ids 1, 2, ...
 * @param dockerHost the engine whose Swarm Holdfast watches; empty: it watches none. keepalived knows no Swarm
 */
record RouterConfig(int version, int intervalMillis, int priority, int instances, Optional<String> dockerHost) {
    /** The virtual address of the first virtual router, in the network of the lab's hosts. */
    static final String VIP = "10.77.0.100";

    /** The priority of who owns the address: MASTER at once (RFC 9568 section 6.4.1). */
    static final int OWNER = 255;

    static RouterConfig one(int version, int intervalMillis, int priority) {
        return new RouterConfig(version, intervalMillis, priority, 1, Optional.empty());
    }

    RouterConfig times(int howMany) {
        return new RouterConfig(version, intervalMillis, priority, howMany, dockerHost);
    }

    RouterConfig withPriority(int other) {
        return new RouterConfig(version, intervalMillis, other, instances, dockerHost);
    }

    RouterConfig watching(String engine) {
        return new RouterConfig(version, intervalMillis, priority, instances, Optional.of(engine));
    }

    /** The address of the n-th virtual router with its prefix, n from 1. */
    private static String address(int n) {
        return n == 1 ? VIP + "/24" : "10.78.0." + n + "/32";
    }

    /** As holdfast.conf. */
    String holdfast(Host host) {
        String swarm = dockerHost
                .map(engine -> "enabled = true\n    docker-host = \"" + engine + "\"")
                .orElse("enabled = false");
        String routers = IntStream.rangeClosed(1, instances)
                .mapToObj(n -> """
                              VI_%d {
                                interface = %s
                                virtual-router-id = %d
                                priority = %d
                                advert-interval = %dms
                                addresses = ["%s"]
                              }
                        """.formatted(n, host.interfaceName(), n, priority, intervalMillis, address(n)))
                .collect(Collectors.joining());
        return """
                holdfast {
                  node = %s
                  swarm {
                    %s
                  }
                  vrrp {
                    version = %d
                    instances {
                %s    }
                  }
                }
                """.formatted(host.name(), swarm, version, routers);
    }

    /** As keepalived.conf. Without MASTER as initial state its owner of the address would wait for Master_Down first. */
    String keepalived(Host host) {
        return IntStream.rangeClosed(1, instances)
                .mapToObj(n -> """
                        vrrp_instance VI_%d {
                            state %s
                            interface %s
                            virtual_router_id %d
                            priority %d
                            version %d
                            advert_int %s
                            virtual_ipaddress {
                                %s
                            }
                        }
                        """.formatted(
                                n,
                                priority == OWNER ? "MASTER" : "BACKUP",
                                host.interfaceName(),
                                n,
                                priority,
                                version,
                                intervalMillis / 1000.0,
                                address(n)))
                .collect(Collectors.joining());
    }
}
