package dev.holdfast.lab;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One virtual router as tests want it, written as the configuration of each program, so that all get the same.
 *
 * @param mode how adverts travel
 * @param priority 1..255
 * @param peers the other hosts, for unicast
 */
record Router(Mode mode, int priority, List<Host> peers) {
    static final String VIP = "10.77.0.100";
    static final String VIP6 = "fd00:77::100";
    static final String INSTANCE = "VI_1";
    static final int ID = 51;

    /** The ways to run the protocol that every pair of programs must agree in. */
    enum Mode {
        V2_MULTICAST(2, 1000),
        V2_PASS(2, 1000),
        V2_UNICAST(2, 1000),
        V3_FAST(3, 100),
        V3_UNICAST(3, 100),
        V3_IPV6(3, 100),
        V3_IPV6_UNICAST(3, 100);

        final int version;
        final int intervalMillis;

        Mode(int version, int intervalMillis) {
            this.version = version;
            this.intervalMillis = intervalMillis;
        }

        boolean isIpv6() {
            return this == V3_IPV6 || this == V3_IPV6_UNICAST;
        }

        boolean isUnicast() {
            return this == V2_UNICAST || this == V3_UNICAST || this == V3_IPV6_UNICAST;
        }

        /** The virtual address. */
        String vip() {
            return isIpv6() ? VIP6 : VIP;
        }

        /** The same with its prefix length. */
        String cidr() {
            return isIpv6() ? VIP6 + "/64" : VIP + "/24";
        }

        /** The host's own address of the family. */
        String addressOf(Host host) {
            return isIpv6() ? ipv6(host) : host.address();
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

    /** The address that {@link #giveIpv6} gives it. */
    static String ipv6(Host host) {
        return "fd00:77::" + host.address().substring(host.address().lastIndexOf('.') + 1);
    }

    /** Gives the host an IPv6 address in the network of {@link #VIP6}, besides its link-local one. */
    static void giveIpv6(Host host) {
        host.exec("ip", "addr", "add", ipv6(host) + "/64", "dev", host.interfaceName(), "nodad");
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
        String unicast = mode.isUnicast()
                ? "unicast { source = \"%s\", peers = [%s] }"
                        .formatted(
                                mode.addressOf(host),
                                peers.stream()
                                        .map(peer -> '"' + mode.addressOf(peer) + '"')
                                        .collect(Collectors.joining(", ")))
                : "";
        return """
                vrrp {
                  version = %d
                  instances {
                    %s {
                      interface = %s
                      virtual-router-id = %d
                      priority = %d
                      advert-interval = %dms
                      addresses = ["%s"]
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
                        ID,
                        priority,
                        mode.intervalMillis,
                        mode.cidr(),
                        authentication,
                        unicast,
                        inInstance,
                        inVrrp);
    }

    /** As FRR gets it. */
    Frr.VirtualRouter frr() {
        return new Frr.VirtualRouter(ID, mode.version, priority, mode.intervalMillis, List.of(mode.cidr()));
    }

    /** As keepalived.conf, for this host. */
    String keepalived(Host host) {
        return keepalived(host, "");
    }

    /**
     * The same with more in it.
     *
     * @param inInstance lines for the instance
     */
    String keepalived(Host host, String inInstance) {
        String authentication = mode == Mode.V2_PASS ? "authentication {\n auth_type PASS\n auth_pass 1161\n }" : "";
        String unicast = mode.isUnicast()
                ? "unicast_src_ip %s\n unicast_peer {\n %s\n }"
                        .formatted(
                                mode.addressOf(host),
                                peers.stream().map(mode::addressOf).collect(Collectors.joining("\n ")))
                : "";
        return """
                vrrp_instance %s {
                    state BACKUP
                    interface %s
                    virtual_router_id %d
                    priority %d
                    version %d
                    advert_int %s
                    %s
                    %s
                    %s
                    virtual_ipaddress {
                        %s
                    }
                }
                """.formatted(
                        INSTANCE,
                        host.interfaceName(),
                        ID,
                        priority,
                        mode.version,
                        mode.intervalMillis / 1000.0,
                        authentication,
                        unicast,
                        inInstance,
                        mode.cidr());
    }
}
