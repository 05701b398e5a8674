package dev.holdfast.vrrp.engine.netlink;

import java.util.Locale;

/** A setting of IPv4 on one link, as under /proc/sys/net/ipv4/conf; the kernel's documentation of ip-sysctl has them all. */
public enum Ipv4Conf {
    /** Whether packets must come by the link that leads to their sender: 0 no, 1 strict, 2 by any link. */
    RP_FILTER(8),
    /** Which of this host's addresses an ARP request may name as its sender: 0 any, 2 those of the link alone. */
    ARP_ANNOUNCE(18),
    /** For which of this host's addresses ARP is answered: 0 all, 1 those of the link alone. */
    ARP_IGNORE(19),
    /** Whether the next address of a prefix stays when the first one is removed: 0 no, 1 yes. */
    PROMOTE_SECONDARIES(20);

    private final int number;

    Ipv4Conf(int number) {
        this.number = number;
    }

    /** IPV4_DEVCONF_* of linux/ip.h. */
    int number() {
        return number;
    }

    /** Its name in /proc/sys/net/ipv4/conf. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
