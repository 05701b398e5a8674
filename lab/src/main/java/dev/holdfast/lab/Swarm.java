package dev.holdfast.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Swarm of lab engines. */
public final class Swarm {
    private Swarm() {}

    /**
     * Makes a Swarm whose managers are all these engines; the first becomes the leader. Returns when it knows them all.
     */
    public static void ofManagers(List<Dockerd> managers) {
        Dockerd first = managers.getFirst();
        first.docker("swarm", "init", "--advertise-addr", first.host().address());
        for (Dockerd other : managers.subList(1, managers.size())) {
            join(first, other, "manager");
        }
        Await.until(
                "all managers to be reachable",
                Duration.ofSeconds(30),
                () -> nodes(first).stream().filter(Node::reachableManager).count() == managers.size());
    }

    /**
     * Has an engine join the Swarm of another.
     *
     * @param role {@code manager} or {@code worker}
     */
    public static void join(Dockerd member, Dockerd joining, String role) {
        String token = member.docker("swarm", "join-token", "-q", role);
        joining.docker(
                "swarm",
                "join",
                "--token",
                token,
                "--advertise-addr",
                joining.host().address(),
                member.host().address() + ":2377");
    }

    /**
     * A node as a manager sees it.
     *
     * @param name its host's engine name (all lab engines share the machine's host name)
     * @param id its node id
     * @param address the address the Swarm knows it by
     * @param role {@code manager} or {@code worker}
     * @param state {@code ready}, {@code down}, {@code unknown}
     * @param reachability {@code reachable}, {@code unreachable}; empty for a worker, and for a manager in limbo
     * @param leader whether it is the leader
     */
    public record Node(
            String name, String id, String address, String role, String state, String reachability, boolean leader) {
        /** Whether it takes part in the quorum. */
        public boolean reachableManager() {
            return reachability.equals("reachable");
        }
    }

    /** All nodes as this engine tells; empty if it cannot tell (no manager, no leader, no engine). */
    public static List<Node> nodes(Dockerd asked) {
        List<Node> nodes = new ArrayList<>();
        for (JsonNode node : asked.get("/nodes")) {
            JsonNode manager = node.path("ManagerStatus");
            String address = manager.path("Addr").asText("").replaceFirst(":\\d+$", "");
            nodes.add(new Node(
                    node.path("Description").path("Hostname").asText(),
                    node.path("ID").asText(),
                    address.isEmpty() ? node.path("Status").path("Addr").asText() : address,
                    node.path("Spec").path("Role").asText(),
                    node.path("Status").path("State").asText(),
                    manager.path("Reachability").asText(""),
                    manager.path("Leader").asBoolean()));
        }
        return nodes;
    }

    /** Whether this engine is the leader of a Swarm that works. */
    public static boolean leads(Dockerd engine) {
        return nodes(engine).stream()
                .anyMatch(node ->
                        node.leader() && node.address().equals(engine.host().address()));
    }

    /** The names of the services, as this engine tells. */
    public static List<String> services(Dockerd asked) {
        return names(asked.get("/services"));
    }

    /** The names of the secrets, as this engine tells. */
    public static List<String> secrets(Dockerd asked) {
        return names(asked.get("/secrets"));
    }

    /** The names of the configs, as this engine tells. */
    public static List<String> configs(Dockerd asked) {
        return names(asked.get("/configs"));
    }

    /** The names of the overlay networks that somebody made, as this engine tells. */
    public static List<String> networks(Dockerd asked) {
        List<String> names = new ArrayList<>();
        for (JsonNode network : asked.get("/networks")) {
            if (network.path("Driver").asText().equals("overlay")
                    && !network.path("Ingress").asBoolean()) {
                names.add(network.path("Name").asText());
            }
        }
        return names;
    }

    private static List<String> names(JsonNode items) {
        List<String> names = new ArrayList<>();
        items.forEach(item -> names.add(item.path("Spec").path("Name").asText()));
        return names;
    }

    /** Makes a service that sleeps, and does not wait for its tasks. */
    public static void createService(Dockerd manager, String name, int replicas) {
        manager.docker(
                "service",
                "create",
                "--quiet",
                "--detach",
                "--no-resolve-image",
                "--name",
                name,
                "--replicas",
                Integer.toString(replicas),
                Dockerd.IMAGE,
                "/bin/busybox",
                "sleep",
                "100000");
    }

    /** Makes a secret. */
    public static void createSecret(Dockerd manager, String name, String value) {
        create(manager, "secret", name, value);
    }

    /** Makes a config. */
    public static void createConfig(Dockerd manager, String name, String value) {
        create(manager, "config", name, value);
    }

    private static void create(Dockerd manager, String kind, String name, String value) {
        Command.run(
                        "sh",
                        "-c",
                        "printf %s \"$1\" | docker -H \"$2\" \"$3\" create \"$4\" -",
                        "sh",
                        value,
                        manager.url(),
                        kind,
                        name)
                .orThrow();
    }

    /** Makes an overlay network. */
    public static void createNetwork(Dockerd manager, String name) {
        manager.docker("network", "create", "--driver", "overlay", name);
    }
}
