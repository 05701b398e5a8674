package dev.holdfast.lab;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One virtual router as tests want it, written as the configuration of either program, so that both get the same.
 *
 * @param mode how adverts travel
 * @param priority 1..255
 * @param peers the other hosts, for unicast
 */
record Router(Mode mode, int priority, List<Host> peers) {
    static final String VIP = "10.77.0.100";
    static final String INSTANCE = "VI_1";

    /** The ways to run the protocol that every pair of programs must agree in. */
    enum Mode {
        V2_MULTICAST(2, 1000),
        V2_PASS(2, 1000),
        V2_UNICAST(2, 1000),
        V3_FAST(3, 100);

        final int version;
        final int intervalMillis;

        Mode(int version, int intervalMillis) {
            this.version = version;
            this.intervalMillis = intervalMillis;
        }

        /** Master_Down_Interval of a backup with this priority (RFC 9568 section 6.1, RFC 3768 section 6.1). */
        long masterDownMillis(int priority) {
            return 3L * intervalMillis + skewMillis(priority);
        }

        /** Skew_Time of a backup with this priority; version 2 reckons it in seconds whatever the interval is. */
        long skewMillis(int priority) {
            return (256L - priority) * (version == 2 ? 1000 : intervalMillis) / 256;
        }
    }

    static Router of(Mode mode, int priority, Host... peers) {
        return new Router(mode, priority, List.of(peers));
    }

    /** As holdfast.conf, for this host and without Swarm healing. */
    String holdfast(Host host) {
        return holdfast(host, "", "");
    }

    /**
     * The same with more in it.
     *
     * @param inInstance lines for the instance
     * @param inVrrp lines for the vrrp section
     */
    String holdfast(Host host, String inInstance, String inVrrp) {
        return """
                holdfast {
                  node = %s
                  swarm.enabled = false
                  %s
                }
                """.formatted(host.name(), vrrpSection(host, inInstance, inVrrp));
    }

    String vrrpSection(Host host, String inInstance, String inVrrp) {
        String authentication = mode == Mode.V2_PASS ? "authentication { type = pass, password = \"1161\" }" : "";
        String unicast = mode == Mode.V2_UNICAST
                ? "unicast { source = \"%s\", peers = [%s] }"
                        .formatted(
                                host.address(),
                                peers.stream()
                                        .map(peer -> '"' + peer.address() + '"')
                                        .collect(Collectors.joining(", ")))
                : "";
        return """
                vrrp {
                  version = %d
                  instances {
                    %s {
                      interface = %s
                      virtual-router-id = 51
                      priority = %d
                      advert-interval = %dms
                      addresses = ["%s/24"]
                      %s
                      %s
                      %s
                    }
                  }
                  %s
                }
                """.formatted(
                        mode.version,
                        INSTANCE,
                        host.interfaceName(),
                        priority,
                        mode.intervalMillis,
                        VIP,
                        authentication,
                        unicast,
                        inInstance,
                        inVrrp);
    }

    /** As keepalived.conf, for this host. */
    String keepalived(Host host) {
        String authentication = mode == Mode.V2_PASS ? "authentication {\n auth_type PASS\n auth_pass 1161\n }" : "";
        String unicast = mode == Mode.V2_UNICAST
                ? "unicast_src_ip %s\n unicast_peer {\n %s\n }"
                        .formatted(
                                host.address(),
                                peers.stream().map(Host::address).collect(Collectors.joining("\n ")))
                : "";
        return """
                vrrp_instance %s {
                    state BACKUP
                    interface %s
                    virtual_router_id 51
                    priority %d
                    version %d
                    advert_int %s
                    %s
                    %s
                    virtual_ipaddress {
                        %s/24
                    }
                }
                """.formatted(
                        INSTANCE,
                        host.interfaceName(),
                        priority,
                        mode.version,
                        mode.intervalMillis / 1000.0,
                        authentication,
                        unicast,
                        VIP);
    }
}
