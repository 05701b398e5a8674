package dev.holdfast.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Swarm on lab hosts, one real engine each, with a service, a secret, a config and an overlay network in it, so that one
 * can see afterwards what is left. The managers are {@code m1}, {@code m2} and so on, the workers {@code w1} and so on; a
 * gateway is beside them. {@code m1} leads at first.
 */
public final class SwarmCluster {
    private static final Duration FORMED_LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final SwitchFilter network;
    private final Host gateway;
    private final List<Dockerd> managers;
    private final List<Dockerd> workers;

    private SwarmCluster(Lab lab, Host gateway, List<Dockerd> managers, List<Dockerd> workers) {
        this.lab = lab;
        this.network = new SwitchFilter(lab);
        this.gateway = gateway;
        this.managers = List.copyOf(managers);
        this.workers = List.copyOf(workers);
    }

    /**
     * What a Swarm holds, by name, each list in order.
     *
     * @param cluster its id
     */
    public record Contents(
            String cluster, List<String> services, List<String> secrets, List<String> configs, List<String> networks) {
        /** What this engine tells; everything empty if it cannot tell. */
        public static Contents of(Dockerd asked) {
            return new Contents(
                    asked.get("/swarm").path("ID").asText(""),
                    sorted(Swarm.services(asked)),
                    sorted(Swarm.secrets(asked)),
                    sorted(Swarm.configs(asked)),
                    sorted(Swarm.networks(asked)));
        }

        private static List<String> sorted(List<String> names) {
            return names.stream().sorted().toList();
        }
    }

    /** Makes hosts and engines, forms the Swarm and fills it; about 15 s for three managers on an idle machine. */
    public static SwarmCluster start(Lab lab, int managers, int workers) {
        Host gateway = lab.gateway();
        List<Dockerd> all = Stream.concat(
                        IntStream.rangeClosed(1, managers).mapToObj(i -> "m" + i),
                        IntStream.rangeClosed(1, workers).mapToObj(i -> "w" + i))
                .map(lab::host)
                .map(host -> Dockerd.launch(host, lab))
                .toList();
        all.forEach(Dockerd::awaitReady);
        SwarmCluster cluster =
                new SwarmCluster(lab, gateway, all.subList(0, managers), all.subList(managers, all.size()));
        Swarm.ofManagers(cluster.managers);
        Dockerd first = cluster.managers.getFirst();
        cluster.workers.forEach(worker -> Swarm.join(first, worker, "worker"));
        Await.until(
                "all nodes to be ready",
                FORMED_LIMIT,
                () -> Swarm.nodes(first).stream()
                                .filter(node -> node.state().equals("ready"))
                                .count()
                        == all.size());
        Swarm.createSecret(first, "password", "1234");
        Swarm.createConfig(first, "settings", "colour = blue");
        Swarm.createNetwork(first, "backend");
        Swarm.createService(first, "web", 1);
        return cluster;
    }

    /** What lies between the hosts. */
    public SwitchFilter network() {
        return network;
    }

    /** The default gateway of all hosts. */
    public Host gateway() {
        return gateway;
    }

    /** The lab it lives in. */
    public Lab lab() {
        return lab;
    }

    /** The engines that were made managers, in order. */
    public List<Dockerd> managers() {
        return managers;
    }

    /** The engines that were made workers, in order. */
    public List<Dockerd> workers() {
        return workers;
    }

    /** All engines, managers first. */
    public List<Dockerd> engines() {
        List<Dockerd> all = new ArrayList<>(managers);
        all.addAll(workers);
        return all;
    }

    /** Those of the engines that say of themselves that they lead; more than one when the Swarm has come apart. */
    public static List<Dockerd> leaders(List<Dockerd> asked) {
        return asked.stream().filter(Swarm::leads).toList();
    }

    /**
     * Waits until one of these engines leads.
     *
     * @throws LabException if none does in time
     */
    public static Dockerd awaitLeader(List<Dockerd> asked, Duration limit) {
        return Await.value(
                "one of " + hosts(asked) + " to lead",
                limit,
                () -> asked.stream().filter(Swarm::leads).findFirst().orElse(null));
    }

    /** The hosts of engines. */
    public static List<Host> hosts(List<Dockerd> engines) {
        return engines.stream().map(Dockerd::host).toList();
    }

    /** The only leader; empty if there is none, or more than one. */
    public Optional<Dockerd> soleLeader() {
        List<Dockerd> leaders = leaders(managers);
        return leaders.size() == 1 ? Optional.of(leaders.getFirst()) : Optional.empty();
    }

    /** How many managers that engine says can be reached; 0 if it cannot tell. */
    public static int reachableManagers(Dockerd asked) {
        return (int)
                Swarm.nodes(asked).stream().filter(Swarm.Node::reachableManager).count();
    }

    /**
     * Waits until one engine leads and all that were made managers are reachable ones.
     *
     * @throws LabException saying how far it came, if they are not in time
     */
    public Dockerd awaitWhole(Duration limit) {
        try {
            return Await.value(
                    "all managers to follow one leader",
                    limit,
                    () -> soleLeader()
                            .filter(leader -> reachableManagers(leader) == managers.size())
                            .orElse(null));
        } catch (LabException e) {
            throw new LabException(e.getMessage() + "; " + describe(), e);
        }
    }

    /** How each engine sees itself and the others, for messages. */
    public String describe() {
        List<String> said = new ArrayList<>();
        for (Dockerd engine : managers) {
            List<Swarm.Node> nodes = Swarm.nodes(engine);
            var info = engine.get("/info").path("Swarm");
            said.add("%s: %s%s%s"
                    .formatted(
                            engine.host(),
                            info.path("LocalNodeState").asText("no answer"),
                            info.path("ControlAvailable").asBoolean() ? ", manager" : "",
                            nodes.isEmpty()
                                    ? ", no leader"
                                    : ", "
                                            + nodes.stream()
                                                    .filter(Swarm.Node::reachableManager)
                                                    .map(node -> node.address() + (node.leader() ? " leads" : ""))
                                                    .toList()));
        }
        return String.join("; ", said);
    }

    /** How many calls to force a new cluster all engines together have received. */
    public long forceCalls() {
        return engines().stream().mapToLong(Dockerd::forceCalls).sum();
    }
}
