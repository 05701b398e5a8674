package dev.holdfast.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small network of test hosts on this machine: one network namespace a host, and a switch in a namespace of its own.
 * Nothing of it touches the machine's own network. Closing the lab removes everything, and so does the end of the JVM;
 * what a killed JVM left is removed by the next lab that starts. Any number of labs run beside each other: each has
 * its own id in all its names, and inside they are alike (network 10.77.0.0/24, gateway 10.77.0.1).
 */
public final class Lab implements AutoCloseable {
    static final Path NAMESPACES = Path.of("/run/netns");

    /** The address of {@link #gateway()}, and every host's default route whether it is there or not. */
    public static final String GATEWAY = "10.77.0.1";

    private static final String FOLDER_PREFIX = "holdfast-lab-";
    private static final String OWNER_FILE = "owner";
    private static final String SUBNET = "10.77.0.";
    private static final int FIRST_HOST = 11;

    private final String id;
    private final Path folder;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<LabProcess> processes = new ArrayList<>();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final AtomicInteger ports = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread shutdownHook = new Thread(this::remove, "lab-shutdown");

    private Lab(String id, Path folder) {
        this.id = id;
        this.folder = folder;
    }

    /**
     * Makes an empty lab: a switch, no hosts.
     *
     * @throws LabException naming everything that is missing on this machine
     */
    public static Lab create() {
        return create("test");
    }

    /**
     * The same with a word that says what the lab is for; {@link #owners} finds labs by it.
     *
     * @param purpose one word
     */
    public static Lab create(String purpose) {
        Preflight.require();
        sweep();
        Lab lab = reserve(purpose);
        Runtime.getRuntime().addShutdownHook(lab.shutdownHook);
        try {
            lab.makeSwitch();
        } catch (RuntimeException e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    private static Lab reserve(String purpose) {
        Path base = base();
        while (true) {
            String id = Integer.toString(
                    ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), Character.MAX_RADIX);
            Path folder = base.resolve(FOLDER_PREFIX + id);
            try {
                // Complete before it gets its name: a folder without an owner would look like a dead lab's.
                Path draft = Files.createTempDirectory(base, ".holdfast-lab-draft");
                ProcessHandle me = ProcessHandle.current();
                Files.writeString(
                        draft.resolve(OWNER_FILE), me.pid() + " " + startTicks(me.pid()) + " " + purpose + "\n");
                // Hooks and scripts of the hosts may run as other users.
                Command.run("chmod", "755", draft.toString()).orThrow();
                Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
                return new Lab(id, folder);
            } catch (FileAlreadyExistsException e) {
                // Another lab has this id.
            } catch (IOException e) {
                throw new LabException("cannot make the lab's folder below " + base, e);
            }
        }
    }

    private static Path base() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    private void makeSwitch() {
        String namespace = switchNamespace();
        Command.run("ip", "netns", "add", namespace).orThrow();
        // Snooping would hold multicast back from ports that have not asked for it yet.
        Command.run(
                        "ip",
                        "-n",
                        namespace,
                        "link",
                        "add",
                        "br0",
                        "type",
                        "bridge",
                        "stp_state",
                        "0",
                        "mcast_snooping",
                        "0",
                        "forward_delay",
                        "0")
                .orThrow();
        // Promiscuous, so that a sniffer on the bridge sees what is forwarded between two ports as well.
        Command.run("ip", "-n", namespace, "link", "set", "br0", "up", "promisc", "on")
                .orThrow();
        // A switch is no firewall. Where Docker has loaded br_netfilter, each frame would go through iptables, and
        // whoever sent it would pay for that.
        Command.run(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        "sh",
                        "-c",
                        "for f in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $f ] || echo 0 > $f; done")
                .orThrow();
    }

    /** The lab's id, part of all its names. */
    public String id() {
        return id;
    }

    /** Where the lab keeps its files. */
    public Path folder() {
        return folder;
    }

    String switchNamespace() {
        return namespaceOf("switch");
    }

    private String namespaceOf(String name) {
        return "hf-" + id + "-" + name;
    }

    String nextPort() {
        return "port" + ports.incrementAndGet();
    }

    /** Makes a host with a network card {@code eth0} and the next free address, from 10.77.0.11 on. */
    public synchronized Host host(String name) {
        long ordinary = hosts.values().stream()
                .filter(host ->
                        host.address().startsWith(SUBNET) && !host.address().equals(GATEWAY))
                .count();
        return host(name, "eth0", SUBNET + (FIRST_HOST + ordinary) + "/24");
    }

    /**
     * Makes a host as a configuration wants it.
     *
     * @param name at most 10 letters and digits
     * @param interfaceName the name of its network card
     * @param cidr its address with prefix length
     */
    public synchronized Host host(String name, String interfaceName, String cidr) {
        String namespace = namespaceOf(name);
        Path hostFolder = folder.resolve(name);
        try {
            Files.createDirectory(hostFolder);
        } catch (IOException e) {
            throw new LabException("there is a host " + name + " already, or its folder cannot be made", e);
        }
        Command.run("ip", "netns", "add", namespace).orThrow();
        Command.run("ip", "-n", namespace, "link", "set", "lo", "up").orThrow();
        // IPv6 addresses are usable at once.
        Command.run(
                        "nsenter",
                        "--net=" + NAMESPACES.resolve(namespace),
                        "sh",
                        "-c",
                        "cd /proc/sys/net/ipv6/conf && for c in all default; do echo 0 > $c/accept_dad; done || true")
                .orThrow();
        Host host = new Host(this, name, namespace, interfaceName, cidr, hostFolder);
        if (cidr.startsWith(SUBNET) && !host.address().equals(GATEWAY)) {
            Command.run("ip", "-n", namespace, "route", "add", "default", "via", GATEWAY)
                    .orThrow();
        }
        hosts.put(name, host);
        return host;
    }

    /** Makes the host that all others have as default gateway: a witness for "am I cut off, or is it the others?". */
    public Host gateway() {
        return host("gw", "eth0", GATEWAY + "/24");
    }

    /** All hosts in the order they were made. */
    public synchronized List<Host> hosts() {
        return List.copyOf(hosts.values());
    }

    /** Who holds the address now. */
    public List<Host> holders(String ip) {
        return hosts().stream().filter(host -> host.holds(ip)).toList();
    }

    /**
     * Waits until this host holds the address and no other does.
     *
     * @throws LabException if that does not come about in time
     */
    public void awaitSoleHolder(Host host, String ip, Duration limit) {
        Await.until(
                host + " alone to hold " + ip + ", last seen at " + holders(ip),
                limit,
                () -> holders(ip).equals(List.of(host)));
    }

    /** Starts recording the adverts and ARP packets that pass the switch. */
    public Sniffer sniff() {
        return sniff("br0");
    }

    /**
     * The same for what goes over the cable of one host: a frame that the switch sends on to it is recorded only if it
     * really leaves, so that what a cut elsewhere swallowed is not taken for heard.
     */
    public Sniffer sniff(Host host) {
        return sniff(host.link().port());
    }

    private Sniffer sniff(String switchInterface) {
        return new Sniffer(start(
                "sniffer" + nextPort(),
                List.of(
                        "tcpdump",
                        "-i",
                        switchInterface,
                        "-n",
                        "-l",
                        "--immediate-mode",
                        "--time-stamp-precision=nano",
                        "-Z",
                        "root",
                        "-s",
                        "200",
                        "-e",
                        "-tttt",
                        "arp or ip proto 112 or ip6 proto 112")));
    }

    private LabProcess start(String processName, List<String> command) {
        List<String> inside =
                new ArrayList<>(List.of("nsenter", "--net=" + NAMESPACES.resolve(switchNamespace()), "--"));
        inside.addAll(command);
        LabProcess process = LabProcess.start(
                "switch/" + processName, inside, folder, folder.resolve(processName + ".log"), List.of());
        register(process);
        return process;
    }

    /** Starts recording who of the present hosts holds the address, and when. */
    public VipWatch watch(String ip) {
        return new VipWatch(ip, hosts());
    }

    synchronized void register(LabProcess process) {
        processes.add(process);
    }

    /** Has something closed with the lab, before its hosts go; the last one first. */
    public synchronized void closeWithLab(AutoCloseable part) {
        parts.add(part);
    }

    /** Everything that may explain a failure: addresses of all hosts and the end of everything that was printed. */
    public String dump() {
        StringBuilder dump = new StringBuilder();
        for (Host host : hosts()) {
            dump.append("==== ")
                    .append(host)
                    .append(" (")
                    .append(host.namespace())
                    .append(")\n");
            dump.append(Command.run("ip", "-n", host.namespace(), "-br", "addr").out());
            dump.append(Command.run("ip", "-n", host.namespace(), "neigh").out());
        }
        List<LabProcess> printed;
        synchronized (this) {
            printed = List.copyOf(processes);
        }
        for (LabProcess process : printed) {
            if (process.name().contains("monitor")) {
                continue;
            }
            List<LabProcess.Line> lines = process.lines();
            dump.append("==== ").append(process.name()).append(process.isAlive() ? " (runs)" : " (ended)");
            dump.append(", the last lines of ").append(lines.size()).append('\n');
            lines.stream()
                    .skip(Math.max(0, lines.size() - 120))
                    .forEach(line -> dump.append(line.at())
                            .append("  ")
                            .append(line.text())
                            .append('\n'));
        }
        return dump.toString();
    }

    /** Removes the lab with everything in it. May be called more than once. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down: the hook runs anyhow and finds nothing left to do.
        }
    }

    private void remove() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<AutoCloseable> closing;
        List<LabProcess> ending;
        synchronized (this) {
            closing = List.copyOf(parts).reversed();
            ending = List.copyOf(processes);
        }
        for (AutoCloseable part : closing) {
            try {
                part.close();
            } catch (Exception e) {
                // Whatever it was: what follows ends the processes and removes the namespaces all the same.
            }
        }
        ending.stream().filter(LabProcess::isAlive).forEach(LabProcess::kill);
        destroy(id, folder);
    }

    /** Removes what labs of dead JVMs left behind; never touches a living one's. */
    public static void sweep() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base(), FOLDER_PREFIX + "*")) {
            for (Path dead : folders) {
                if (owner(dead).isEmpty()) {
                    destroy(dead.getFileName().toString().substring(FOLDER_PREFIX.length()), dead);
                }
            }
        } catch (IOException e) {
            throw new LabException("cannot look for labs left behind below " + base(), e);
        }
    }

    /** The living JVMs that own a lab of this purpose. */
    public static List<ProcessHandle> owners(String purpose) {
        List<ProcessHandle> owners = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base(), FOLDER_PREFIX + "*")) {
            for (Path found : folders) {
                Optional<ProcessHandle> owner = owner(found);
                if (owner.isPresent() && ownerRecord(found).endsWith(" " + purpose)) {
                    owners.add(owner.get());
                }
            }
        } catch (IOException e) {
            throw new LabException("cannot look for labs below " + base(), e);
        }
        return owners;
    }

    private static Optional<ProcessHandle> owner(Path labFolder) {
        String[] words = ownerRecord(labFolder).split(" ", -1);
        if (words.length < 3) {
            return Optional.empty();
        }
        long pid = Long.parseLong(words[0]);
        // The start time tells a process from a later one that got the same id.
        return startTicks(pid).equals(words[1]) ? ProcessHandle.of(pid) : Optional.empty();
    }

    private static String ownerRecord(Path labFolder) {
        try {
            return Files.readString(labFolder.resolve(OWNER_FILE)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** When the process started, in clock ticks after boot (proc(5), field 22); "gone" for no such process. */
    private static String startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The second field is the program's name in brackets and may itself hold blanks and brackets.
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        } catch (IOException e) {
            return "gone";
        }
    }

    private static void destroy(String id, Path folder) {
        List<String> namespaces = namespacesOf(id);
        for (String namespace : namespaces) {
            killAll(namespace);
            Command.run("ip", "netns", "del", namespace);
        }
        Cgroups.remove(FOLDER_PREFIX + id);
        Command.run(Duration.ofSeconds(60), List.of("rm", "-rf", "--one-file-system", folder.toString()));
    }

    private static List<String> namespacesOf(String id) {
        List<String> namespaces = new ArrayList<>();
        if (!Files.isDirectory(NAMESPACES)) {
            return namespaces;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(NAMESPACES, "hf-" + id + "-*")) {
            found.forEach(path -> namespaces.add(path.getFileName().toString()));
        } catch (IOException e) {
            throw new LabException("cannot list " + NAMESPACES, e);
        }
        return namespaces;
    }

    private static void killAll(String namespace) {
        for (int attempt = 0; attempt < 20; attempt++) {
            String pids = Command.run("ip", "netns", "pids", namespace).out().strip();
            if (pids.isEmpty()) {
                return;
            }
            List<String> kill = new ArrayList<>(List.of("kill", "-s", "KILL", "--"));
            pids.lines().map(String::strip).forEach(kill::add);
            Command.run(Command.USUAL_LIMIT, kill);
        }
    }

    /** The name of the control group that engines of this lab put their containers in. */
    String cgroup() {
        return FOLDER_PREFIX + id;
    }
}
