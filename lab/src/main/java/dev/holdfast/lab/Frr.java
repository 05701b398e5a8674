package dev.holdfast.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * FRR's vrrpd on a lab host, with the zebra it needs and files of its own so that any number run on one machine.
 *
 * <p>It never adds or removes an address: the virtual ones are on a macvlan with the virtual MAC all the time, and zebra
 * takes that card's carrier away ("protodown") while the virtual router is not Master. {@link Host#holds} knows that.
 */
public final class Frr implements AutoCloseable {
    /** Not on the PATH: the package wants them to be started by its own service. */
    private static final Path PROGRAMS = Path.of("/usr/lib/frr");

    /** The user that the package makes, and its programs change to. */
    private static final String USER = "frr:frr";

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Host host;
    private final VirtualRouter router;
    private final Path folder;
    private final LabProcess zebra;
    private final LabProcess vrrpd;

    /**
     * What it is told.
     *
     * @param id the virtual router id, 1..255
     * @param version 2 or 3
     * @param priority 1..254
     * @param intervalMillis the advertisement interval: whole seconds in version 2, tens of milliseconds in version 3
     * @param addresses the virtual addresses with prefix lengths, all of one family
     */
    public record VirtualRouter(int id, int version, int priority, int intervalMillis, List<String> addresses) {
        /** Copies the list. */
        public VirtualRouter {
            addresses = List.copyOf(addresses);
        }

        boolean isIpv6() {
            return addresses.getFirst().contains(":");
        }

        /** The MAC address that belongs to the virtual router (RFC 9568 section 7.3). */
        public String mac() {
            return String.format(Locale.ROOT, "00:00:5e:00:%02x:%02x", isIpv6() ? 2 : 1, id);
        }

        private String card() {
            return "vrrp" + id;
        }

        private String config(String interfaceName) {
            StringBuilder config =
                    new StringBuilder("""
                    log stdout debugging
                    interface %1$s
                     vrrp %2$d version %3$d
                     vrrp %2$d priority %4$d
                     vrrp %2$d advertisement-interval %5$d
                    """.formatted(interfaceName, id, version, priority, intervalMillis));
            for (String address : addresses) {
                config.append(" vrrp %d %s %s%n"
                        .formatted(id, isIpv6() ? "ipv6" : "ip", address.substring(0, address.indexOf('/'))));
            }
            return config.toString();
        }
    }

    private Frr(Host host, VirtualRouter router, Path folder, LabProcess zebra, LabProcess vrrpd) {
        this.host = host;
        this.router = router;
        this.folder = folder;
        this.zebra = zebra;
        this.vrrpd = vrrpd;
    }

    /**
     * Makes the network card it needs, as new, starts it and waits until it is Backup or Master.
     *
     * @throws LabException if it is not installed
     */
    public static Frr start(Host host, VirtualRouter router) {
        if (!Files.isExecutable(PROGRAMS.resolve("vrrpd"))) {
            throw new LabException(PROGRAMS.resolve("vrrpd") + " is missing (package frr)");
        }
        makeCard(host, router);
        String run = "frr" + System.nanoTime();
        Path folder = host.folder().resolve(run);
        try {
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new LabException("cannot make " + folder, e);
        }
        host.write(run + "/zebra.conf", "log stdout debugging\n");
        host.write(run + "/vrrpd.conf", router.config(host.interfaceName()));
        Command.run("chown", "-R", USER, folder.toString()).orThrow();

        LabProcess zebra = launch(host, run, folder, "zebra");
        // A vrrpd that finds no zebra tries again after ten seconds only.
        Await.until("zebra of " + host, SOON, () -> Files.exists(folder.resolve("zserv.api")));
        Frr frr = new Frr(host, router, folder, zebra, launch(host, run, folder, "vrrpd"));
        Await.until(
                "FRR of " + host + " to be Backup or Master",
                SOON,
                () -> List.of("Backup", "Master").contains(frr.state()));
        return frr;
    }

    private static LabProcess launch(Host host, String run, Path folder, String program) {
        return host.start(
                run + "-" + program,
                PROGRAMS.resolve(program).toString(),
                "--config_file=" + folder.resolve(program + ".conf"),
                "--pid_file=" + folder.resolve(program + ".pid"),
                "--vty_socket=" + folder,
                "--socket=" + folder.resolve("zserv.api"),
                "--vty_port=0",
                "--log=stdout");
    }

    /** The card that FRR looks for by its MAC, and that bears the virtual addresses. */
    private static void makeCard(Host host, VirtualRouter router) {
        String card = router.card();
        // The addresses of a Backup are local ones too: without this it would answer ARP for them with its own MAC.
        host.exec("sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore");
        host.succeeds("ip", "link", "del", card);
        host.exec("ip", "link", "add", card, "link", host.interfaceName(), "type", "macvlan", "mode", "bridge");
        host.exec("ip", "link", "set", card, "address", router.mac());
        // Over IPv6 FRR sends from this card's link-local address. Derived from the MAC, as is the default, it would be
        // the same on all routers.
        host.exec("ip", "link", "set", card, "addrgenmode", router.isIpv6() ? "random" : "none");
        for (String address : router.addresses()) {
            List<String> add = new ArrayList<>(List.of("ip", "addr", "add", address, "dev", card));
            if (router.isIpv6()) {
                add.add("nodad");
            }
            host.exec(add.toArray(String[]::new));
        }
        host.exec("ip", "link", "set", card, "up");
    }

    /** What {@code show vrrp json} tells about the virtual router and its family; missing while it does not answer. */
    private JsonNode shown() {
        Command.Output answer =
                Command.run("vtysh", "--vty_socket", folder.toString(), "-d", "vrrpd", "-c", "show vrrp json");
        if (!answer.ok()) {
            return JSON.missingNode();
        }
        try {
            return JSON.readTree(answer.out()).path(0).path(router.isIpv6() ? "v6" : "v4");
        } catch (JsonProcessingException e) {
            throw new LabException("not JSON from FRR of " + host + ": " + answer.out(), e);
        }
    }

    /** What it says it is: {@code Initialize}, {@code Backup} or {@code Master}; empty while it does not answer. */
    public String state() {
        return shown().path("status").asText();
    }

    /** Waits until it says it is that. */
    public void awaitState(String state, Duration limit) {
        Await.until("FRR of " + host + " to be " + state, limit, () -> state().equals(state));
    }

    /** How many adverts it has taken since its start; those it refuses it neither counts nor logs. */
    public long advertsReceived() {
        return shown().path("stats").path("adverRx").asLong();
    }

    /** The process that speaks VRRP: its log, its signals. */
    public LabProcess process() {
        return vrrpd;
    }

    /**
     * Ends it as an administrator would: it resigns, and zebra takes the card's carrier away. By a signal alone vrrpd may be
     * gone before zebra has read that it should, and the address stays in use.
     */
    public void stop() {
        host.exec(
                "vtysh",
                "--vty_socket",
                folder.toString(),
                "-d",
                "vrrpd",
                "-c",
                "configure terminal",
                "-c",
                "interface " + host.interfaceName(),
                "-c",
                "vrrp " + router.id() + " shutdown");
        Await.until(
                "the addresses of FRR of " + host + " to be out of use",
                SOON,
                () -> router.addresses().stream()
                        .noneMatch(address -> host.holds(address.substring(0, address.indexOf('/')))));
        vrrpd.signal("TERM");
        vrrpd.awaitExit(SOON);
        zebra.signal("TERM");
        zebra.awaitExit(SOON);
    }

    /** Kills it: its card stays as it was, and a Master's address answers on. */
    public void kill() {
        vrrpd.close();
        zebra.close();
    }

    @Override
    public void close() {
        kill();
    }
}
