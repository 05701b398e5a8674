package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.netlink.Ipv4Conf;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has interfaces below virtual MACs keep quiet about the virtual addresses, and gives them back their own settings after
 * the last one. Linux answers ARP on each link for all addresses of the host, and asks with any of them: without this the
 * neighbours would learn the interface's MAC for an address that is on a macvlan.
 */
final class ArpSettings {
    private static final Logger LOG = LoggerFactory.getLogger(ArpSettings.class);
    private static final Path IPV4 = Path.of("/proc/sys/net/ipv4/conf");

    /**
     * The two settings of one interface.
     *
     * @param ignore arp_ignore
     * @param announce arp_announce
     */
    record Values(int ignore, int announce) {
        /** The least that keeps it quiet; what is stricter stays. */
        private Values quiet() {
            return new Values(ignore == 0 ? 1 : ignore, Math.max(announce, 2));
        }

        private Map<Ipv4Conf, Integer> settings() {
            return Map.of(Ipv4Conf.ARP_IGNORE, ignore, Ipv4Conf.ARP_ANNOUNCE, announce);
        }
    }

    private static final class Entry {
        private final Values own;
        private int users;

        Entry(Values own) {
            this.own = own;
        }
    }

    private final RouteRequests requests;
    private final Map<Integer, Entry> byInterface = new HashMap<>();

    ArpSettings(RouteRequests requests) {
        this.requests = requests;
    }

    /** What an interface had before an agent that is gone changed it. */
    void inherit(int ifindex, Values own) {
        byInterface.putIfAbsent(ifindex, new Entry(own));
    }

    /** What an interface has of its own, whether or not it is changed now. */
    Values own(int ifindex, String interfaceName) {
        Entry entry = byInterface.get(ifindex);
        return entry != null
                ? entry.own
                : new Values(read(interfaceName, Ipv4Conf.ARP_IGNORE), read(interfaceName, Ipv4Conf.ARP_ANNOUNCE));
    }

    private static int read(String interfaceName, Ipv4Conf setting) {
        try {
            // procfs answers from memory, so this is nothing to wait for.
            return Integer.parseInt(Files.readString(IPV4.resolve(interfaceName).resolve(setting.key()))
                    .strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** One more virtual MAC on an interface; ends with {@link #release}. */
    void hold(int ifindex, String interfaceName) {
        Values own = own(ifindex, interfaceName);
        Entry entry = byInterface.computeIfAbsent(ifindex, _ -> new Entry(own));
        entry.users++;
        if (entry.users == 1 && !own.equals(own.quiet())) {
            set(ifindex, own.quiet());
        }
    }

    /** One less; the last gives the interface back what it had. */
    void release(int ifindex) {
        Entry entry = byInterface.get(ifindex);
        if (entry != null) {
            entry.users--;
            restoreUnused();
        }
    }

    /** Interfaces without a virtual MAC get back what they had. */
    void restoreUnused() {
        byInterface.entrySet().removeIf(inherited -> {
            Entry entry = inherited.getValue();
            if (entry.users > 0) {
                return false;
            }
            if (!entry.own.equals(entry.own.quiet())) {
                set(inherited.getKey(), entry.own);
            }
            return true;
        });
    }

    private void set(int ifindex, Values values) {
        int result = requests.setIpv4(ifindex, values.settings());
        if (result < 0 && !Errno.ENODEV.is(result)) {
            LOG.warn("interface {} can't be given {}: {}", ifindex, values, requests.describe(result));
        }
    }
}
