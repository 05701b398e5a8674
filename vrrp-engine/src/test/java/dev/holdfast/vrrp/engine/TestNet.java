package dev.holdfast.vrrp.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.vrrp.engine.ffi.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts in network namespaces, on a bridge in one of its own. Host N has eth0 with 10.77.0.N/24 and MAC 02:00:0a:4d:00:N.
 * Removes everything again, and what a test run left behind that was killed.
 */
final class TestNet implements AutoCloseable {
    private static final String PREFIX = "hfe";
    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final String name = PREFIX + ProcessHandle.current().pid() + "x" + SERIAL.incrementAndGet();
    private final List<String> namespaces = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    /** Skips the test where namespaces can't be made. */
    static void assumePossible() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root for network namespaces");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")) || Files.isExecutable(Path.of("/sbin/ip")), "needs ip");
    }

    TestNet(int... hosts) {
        removeLeftovers();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        String bridge = namespace("sw");
        exec(bridge, "ip link add br0 type bridge forward_delay 0");
        exec(bridge, "ip link set br0 up");
        for (int host : hosts) {
            addHost(host);
        }
    }

    private void addHost(int host) {
        String namespace = namespace("h" + host);
        exec(namespace, "ip link set lo up");
        exec(namespace, "sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        plug(host);
    }

    /** Does something on a thread of a host, and waits for it. */
    <T> T inside(int host, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        threads(host).newThread(task).start();
        return task.get();
    }

    /** One host more. */
    void plugAnother(int host) {
        addHost(host);
    }

    /** Gives a host its eth0, also after {@link #unplug}. */
    void plug(int host) {
        String port = "p" + host;
        exec(name + "sw", "ip link add " + port + " type veth peer name eth0 netns " + name + "h" + host);
        exec(name + "sw", "ip link set " + port + " master br0 up");
        String mac = "02:00:0a:4d:00:%02x".formatted(host);
        on(host, "ip link set eth0 address " + mac);
        on(host, "ip addr add 10.77.0." + host + "/24 dev eth0");
        on(host, "ip link set eth0 up");
    }

    /** Connects two hosts by a cable besides the bridge; the first one's end has the MAC 02:00:0a:4e:00:HOST. */
    void wire(int host, String device, int other, String otherDevice) {
        on(host, "ip link add " + device + " type veth peer name " + otherDevice + " netns " + name + "h" + other);
        on(host, "ip link set " + device + " address 02:00:0a:4e:00:%02x".formatted(host));
        on(host, "ip link set " + device + " up");
        on(other, "ip link set " + otherDevice + " up");
    }

    /** Gives hosts a second link: eth1 with 10.78.0.N/24, on a bridge of its own. */
    void addSecondLink(int... hosts) {
        exec(name + "sw", "ip link add br1 type bridge forward_delay 0");
        exec(name + "sw", "ip link set br1 up");
        for (int host : hosts) {
            String port = "q" + host;
            exec(name + "sw", "ip link add " + port + " type veth peer name eth1 netns " + name + "h" + host);
            exec(name + "sw", "ip link set " + port + " master br1 up");
            on(host, "ip addr add 10.78.0." + host + "/24 dev eth1");
            on(host, "ip link set eth1 up");
        }
    }

    /** Takes the far side of a host's second link down or up: the carrier goes. */
    void secondCarrier(int host, boolean up) {
        exec(name + "sw", "ip link set q" + host + (up ? " up" : " down"));
    }

    /** Stops or lets pass the frames of a host's second link without the link going down. */
    void cutSecond(int host, boolean cut) {
        exec(name + "sw", "bridge link set dev q" + host + " state " + (cut ? 0 : 3));
    }

    /** Gives hosts IPv6 as well: fd00:77::N/64 and a link-local address, at once. */
    void enableIpv6(int... hosts) {
        for (int host : hosts) {
            on(host, "sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.eth0.accept_dad=0");
            on(host, "sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0");
            on(host, "ip addr add fd00:77::" + host + "/64 dev eth0 nodad");
        }
    }

    boolean hasIpv6Address(int host, String address) {
        return on(host, "ip -o -6 addr show dev eth0").contains(" " + address + "/");
    }

    /** Deletes a host's eth0. */
    void unplug(int host) {
        on(host, "ip link del eth0");
    }

    /** Stops or lets pass a host's frames without its link going down. */
    void cut(int host, boolean cut) {
        exec(name + "sw", "bridge link set dev p" + host + " state " + (cut ? 0 : 3));
    }

    /** Takes the far side of a host's link down or up: the carrier goes. */
    void carrier(int host, boolean up) {
        exec(name + "sw", "ip link set p" + host + (up ? " up" : " down"));
    }

    /** The host behind the port where the switch has seen a MAC last; 0 if it has not, or has forgotten it. */
    int whereIs(String mac) {
        return exec(name + "sw", "bridge fdb show br br0")
                .lines()
                .filter(line -> line.startsWith(mac + " dev p"))
                .mapToInt(line -> Integer.parseInt(line.replaceFirst(".* dev p(\\d+) .*", "$1")))
                .findFirst()
                .orElse(0);
    }

    ThreadFactory threads(int host) {
        return NetworkNamespace.threadsIn(name + "h" + host);
    }

    /** Runs a command on a host and gives its output; fails if it does. */
    String on(int host, String command) {
        return exec(name + "h" + host, command);
    }

    /** Starts a process on a host that lives until {@link #close} at most. */
    Process start(int host, Path output, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name + "h" + host));
        line.addAll(List.of(command));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        processes.add(process);
        return process;
    }

    boolean hasAddress(int host, String address) {
        return on(host, "ip -o -4 addr show").contains(" " + address + "/");
    }

    private String namespace(String suffix) {
        String namespace = name + suffix;
        run("ip netns add " + namespace);
        namespaces.add(namespace);
        return namespace;
    }

    private static String exec(String namespace, String command) {
        return run("nsenter --net=/run/netns/" + namespace + " " + command);
    }

    static String run(String command) {
        try {
            Process process = new ProcessBuilder(List.of(command.split(" ", -1)))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command, e);
        }
    }

    private static void removeLeftovers() {
        for (String line : run("ip netns list").lines().toList()) {
            String namespace = line.replaceFirst(" .*", "");
            if (namespace.matches(PREFIX + "\\d+x\\d+(sw|h\\d+)")) {
                long pid = Long.parseLong(namespace.substring(PREFIX.length(), namespace.indexOf('x')));
                if (ProcessHandle.of(pid).isEmpty()) {
                    run("ip netns del " + namespace);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        for (Process process : processes) {
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            all.add(process.toHandle());
            all.forEach(ProcessHandle::destroyForcibly);
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        processes.clear();
        for (String namespace : namespaces) {
            try {
                run("ip netns del " + namespace);
            } catch (IllegalStateException e) {
                System.err.println("left behind: " + e.getMessage());
            }
        }
        namespaces.clear();
    }
}
