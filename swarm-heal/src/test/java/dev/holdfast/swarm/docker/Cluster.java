package dev.holdfast.swarm.docker;

import dev.holdfast.swarm.SwarmClassifier;
import dev.holdfast.swarm.SwarmSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Real engines in network namespaces of their own, on one bridge: host N, from 1, is 10.98.0.N. Removed again by {@link #close}. */
final class Cluster implements AutoCloseable {

    private static final String PREFIX = "hfkp" + ProcessHandle.current().pid();

    private final Path directory;
    private final List<String> namespaces = new ArrayList<>();
    private final List<Engine> engines = new ArrayList<>();
    private final Thread atExit = new Thread(this::removeNamespaces);

    private Cluster(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static Cluster start(int hosts, Path directory) throws IOException, InterruptedException {
        removeStale();
        Cluster cluster = new Cluster(directory);
        try {
            String bridge = cluster.namespace("s");
            Engine.run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge");
            Engine.run("ip", "-n", bridge, "link", "set", "br0", "up");
            for (int number = 1; number <= hosts; number++) {
                String host = cluster.namespace(Integer.toString(number));
                String port = "p" + number;
                Engine.run(
                        "ip", "-n", host, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", bridge);
                Engine.run("ip", "-n", bridge, "link", "set", port, "master", "br0", "up");
                Engine.run("ip", "-n", host, "addr", "add", address(number) + "/24", "dev", "eth0");
                Engine.run("ip", "-n", host, "link", "set", "lo", "up");
                Engine.run("ip", "-n", host, "link", "set", "eth0", "up");
                cluster.engines.add(Engine.start(host, cluster.directoryOf(number)));
            }
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    static String address(int number) {
        return "10.98.0." + number;
    }

    private Path directoryOf(int number) {
        return directory.resolve("e" + number);
    }

    private String namespace(String suffix) throws IOException, InterruptedException {
        String name = PREFIX + suffix;
        Engine.run("ip", "netns", "add", name);
        namespaces.add(name);
        return name;
    }

    Engine engine(int number) {
        return engines.get(number - 1);
    }

    /** Pulls the cable of a host. */
    void cut(int number) throws IOException, InterruptedException {
        Engine.run("ip", "-n", PREFIX + number, "link", "set", "eth0", "down");
    }

    /** Puts the cable of a host back. */
    void mend(int number) throws IOException, InterruptedException {
        Engine.run("ip", "-n", PREFIX + number, "link", "set", "eth0", "up");
    }

    /** From now on nobody else can reach that host's engine by the Swarm's port; what it asks others is still answered. */
    void closeSwarmPort(int number) throws IOException, InterruptedException {
        nft(number, "add table inet closed");
        nft(number, "add chain inet closed input { type filter hook input priority 0; }");
        nft(number, "add rule inet closed input iifname eth0 tcp dport 2377 reject with tcp reset");
    }

    /** The opposite of {@link #closeSwarmPort}. */
    void openSwarmPort(int number) throws IOException, InterruptedException {
        nft(number, "delete table inet closed");
    }

    private static void nft(int number, String command) throws IOException, InterruptedException {
        Engine.run("ip", "netns", "exec", PREFIX + number, "nft", command);
    }

    /** Ends an engine in order and starts it again with all it had. */
    void restart(int number) throws IOException {
        engine(number).stop();
        engines.set(number - 1, Engine.start(PREFIX + number, directoryOf(number)));
    }

    /** {@return one look at that engine} */
    SwarmSnapshot look(int number) {
        try (DockerSwarmGateway gateway = new DockerSwarmGateway(engine(number).uri())) {
            return SwarmClassifier.classify(gateway.observe(), System.nanoTime());
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(atExit);
        for (Engine engine : engines) {
            engine.close();
        }
        removeNamespaces();
    }

    private void removeNamespaces() {
        namespaces.forEach(Cluster::remove);
        namespaces.clear();
    }

    /** What runs that were killed have left. */
    private static void removeStale() throws IOException, InterruptedException {
        Pattern name = Pattern.compile("hfkp(\\d+?)[s1-9]");
        for (String line : Engine.run("ip", "netns", "list").lines().toList()) {
            String namespace = line.strip().replaceAll(" .*", "");
            Matcher match = name.matcher(namespace);
            if (match.matches()
                    && ProcessHandle.of(Long.parseLong(match.group(1))).isEmpty()) {
                remove(namespace);
            }
        }
    }

    private static void remove(String namespace) {
        try {
            Engine.run("ip", "netns", "del", namespace);
        } catch (IOException e) {
            // It is gone already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
