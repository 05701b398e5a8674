package dev.holdfast.lab.demo;

import dev.holdfast.lab.AgentProcess;
import dev.holdfast.lab.Await;
import dev.holdfast.lab.Dockerd;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Lab;
import dev.holdfast.lab.LabException;
import dev.holdfast.lab.Preflight;
import dev.holdfast.lab.Probe;
import dev.holdfast.lab.Swarm;
import dev.holdfast.lab.VipWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The story of the demo: an address that moves, and a Swarm that is healed. */
final class Story {
    private static final String VIP = "10.77.0.100";
    private static final String INSTANCE = "VI_1";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration RAFT = Duration.ofSeconds(90);
    /** What takes less would be over before anybody has looked. */
    private static final Duration TIME_TO_WATCH = Duration.ofSeconds(3);

    private static final int[] PRIORITIES = {200, 150, 100};

    private final Lab lab;
    private final Timeline timeline;
    private final Style style;
    private final List<Host> hosts = new ArrayList<>();
    private final Map<Host, Dockerd> engines = new LinkedHashMap<>();
    private final Map<Host, AgentProcess> agents = new LinkedHashMap<>();
    private final List<String> results = new ArrayList<>();
    private boolean good = true;
    private volatile @Nullable Probe probe;

    Story(Lab lab, Timeline timeline, Style style) {
        this.lab = lab;
        this.timeline = timeline;
        this.style = style;
    }

    /** Tells all of it; false if something did not come out as it should. */
    boolean tell() {
        try {
            makeHosts();
            startAgents();
            Probe client = startProbe();
            VipWatch watch = lab.watch(VIP);
            Host first = hosts.get(0);
            Host second = hosts.get(1);
            moveTheAddress(client, watch, first, second);
            if (engines.size() == hosts.size()) {
                healTheSwarm(client, first, second);
            }
        } catch (LabException e) {
            good = false;
            timeline.event(style.bad("This did not come out as it should: " + e.getMessage()));
            results.add(style.bad(style.sign("✗", "x") + " ") + e.getMessage());
            saveDump();
        }
        Probe running = probe;
        if (running != null) {
            running.close();
        }
        return good;
    }

    private void saveDump() {
        try {
            Path dump = Files.createTempFile("holdfast-demo-", ".txt");
            Files.writeString(dump, lab.dump());
            timeline.note("What all hosts looked like and logged: " + dump);
        } catch (java.io.IOException e) {
            timeline.note("and the hosts' logs could not be saved: " + e.getMessage());
        }
    }

    // --- the hosts ------------------------------------------------------------------------------

    private void makeHosts() {
        timeline.print("");
        timeline.print(
                style.bold("Holdfast keeps a virtual IP on exactly one healthy host, and a Docker Swarm alive."));
        timeline.print(
                "Three small hosts on this machine will show it: own network, own Docker engine, one cable each.");
        timeline.chapter("1. Three hosts, one virtual IP");
        lab.gateway();
        for (int i = 0; i < PRIORITIES.length; i++) {
            Host host = lab.host("cube0" + (i + 1));
            hosts.add(host);
            timeline.event(name(host) + " has address " + host.address());
        }
        Host client = lab.host("client");
        timeline.event("a client at " + client.address() + " and a gateway at " + Lab.GATEWAY + " join them");
        startEngines();
    }

    private void startEngines() {
        List<String> missing = Preflight.missingForDocker();
        if (!missing.isEmpty()) {
            skipSwarm(String.join("; ", missing));
            return;
        }
        try {
            for (Host host : hosts) {
                engines.put(host, Dockerd.launch(host, lab));
            }
            timeline.live(() -> style.faint("           the Docker engines are starting ..."));
            engines.values().forEach(Dockerd::awaitReady);
            timeline.event("a real Docker engine runs on each of the three");
        } catch (LabException e) {
            engines.clear();
            skipSwarm(e.getMessage());
        }
    }

    private void skipSwarm(@Nullable String why) {
        timeline.event(style.bad("No Docker engine can run here: ") + why);
        timeline.note("The demo shows the virtual IP alone and leaves the Swarm out.");
        results.add("- The Swarm part was left out: " + why);
    }

    private void startAgents() {
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            agents.put(host, AgentProcess.launch(host, config(host, PRIORITIES[i])));
        }
        agents.values().forEach(AgentProcess::awaitUp);
        timeline.event("holdfast runs on each, with priorities 200, 150 and 100");
        lab.awaitSoleHolder(hosts.getFirst(), VIP, SOON);
        timeline.event(name(hosts.getFirst()) + " has the highest priority: it is " + style.good("MASTER")
                + " and holds the virtual IP " + style.bold(VIP));
    }

    private String config(Host host, int priority) {
        Dockerd engine = engines.get(host);
        String swarm = engine == null
                ? "swarm.enabled = false"
                : "swarm { docker-host = \"%s\", heal { policy = guarded, hold = 5s } }".formatted(engine.url());
        return """
                holdfast {
                  node = %s
                  vrrp {
                    version = 3
                    instances.%s {
                      interface = eth0
                      virtual-router-id = 51
                      priority = %d
                      advert-interval = 100ms
                      addresses = ["%s/24"]
                    }
                  }
                  %s
                }
                """.formatted(host.name(), INSTANCE, priority, VIP, swarm);
    }

    private Probe startProbe() {
        Host client = lab.hosts().stream()
                .filter(host -> host.name().equals("client"))
                .findFirst()
                .orElseThrow();
        Probe started = new Probe(client, VIP, hosts);
        probe = started;
        timeline.live(this::liveLine);
        awaitAnswers(started, hosts.getFirst());
        timeline.event("the client asks " + VIP + " 1000 times a second; " + name(hosts.getFirst()) + " answers");
        timeline.letWatch(TIME_TO_WATCH);
        return started;
    }

    // --- the address moves ----------------------------------------------------------------------

    private void moveTheAddress(Probe client, VipWatch watch, Host first, Host second) {
        timeline.chapter("2. The MASTER is cut off");
        Instant before = Instant.now();
        Instant cut = first.link().cut();
        timeline.event(style.bad(style.sign("✂", "x") + " ") + "the network of " + name(first)
                + " fails, silently: no cable was pulled");
        watch.awaitTakenBy(second, cut, SOON);
        awaitAnswers(client, second);
        Probe.Gap gap = client.longestGapSince(before);
        timeline.event(name(second) + " takes " + VIP + " over; the client went without an answer for "
                + style.bold(millis(gap)));
        timeline.note(
                "It waits three missed adverts of 100 ms and a little by its priority: nobody takes over on a whim.");
        results.add(style.good(style.sign("✓", "+") + " ")
                + "The MASTER was cut off: the virtual IP was served by the next host after " + style.bold(millis(gap))
                + ".");

        timeline.letWatch(TIME_TO_WATCH);
        before = Instant.now();
        Instant mended = first.link().mend();
        timeline.event(style.good(style.sign("⚭", "+") + " ") + "the network of " + name(first) + " is mended");
        lab.awaitSoleHolder(first, VIP, SOON);
        awaitAnswers(client, first);
        Probe.Gap back = client.longestGapSince(before);
        Duration twice = watch.longestOverlapSince(mended);
        timeline.event(name(first) + " takes it back; two hosts held it for " + twice.toMillis()
                + " ms, the client missed " + millis(back));
        timeline.letWatch(TIME_TO_WATCH);
        results.add(style.good(style.sign("✓", "+") + " ")
                + "It was mended: the virtual IP went back, without an answer for " + millis(back) + ".");
    }

    // --- the Swarm is healed --------------------------------------------------------------------

    private void healTheSwarm(Probe client, Host first, Host second) {
        timeline.chapter("3. A Swarm of two managers loses one");
        Dockerd leader = engine(first);
        Dockerd survivor = engine(second);
        Host worker = hosts.get(2);
        Swarm.ofManagers(List.of(leader, survivor));
        Swarm.join(leader, engine(worker), "worker");
        timeline.event(
                name(first) + " (leader) and " + name(second) + " are managers, " + name(worker) + " is a worker");
        Swarm.createSecret(leader, "db-password", "correct horse");
        Swarm.createService(leader, "web", 2);
        agent(second).awaitSwarmState("HAS_LEADER", SOON);
        timeline.event("a service \"web\" and a secret \"db-password\" are made");
        timeline.note(
                "Two managers need both for a quorum: losing one stops every change, for good, until somebody helps.");

        Instant before = Instant.now();
        first.link().cut();
        timeline.event(style.bad(style.sign("✂", "x") + " ") + "the network of " + name(first) + " fails again");
        awaitAnswers(client, second);
        timeline.event(name(second) + " is " + style.good("MASTER") + " after " + millis(client.longestGapSince(before))
                + ", and now watches the Swarm");
        timeline.note(
                "Docker needs some 20 s to notice that its leader is gone; Holdfast takes nothing for granted before.");
        agent(second).awaitSwarmState("NO_LEADER", RAFT);
        timeline.event("the engine of " + name(second) + " says it: the Swarm has no leader");
        timeline.note(
                "Before it acts it wants 5 s of that without a break, too few managers for a quorum, and its gateway to answer.");
        Await.until("the Swarm to be healed by " + second, RAFT, () -> Swarm.leads(survivor));
        agent(second).awaitSwarmState("HAS_LEADER", RAFT);
        long healedAfter = Duration.between(before, Instant.now()).toSeconds();
        timeline.event(style.good(style.sign("♥", "*") + " ") + name(second) + " has re-formed the Swarm and leads it");

        boolean kept = Swarm.services(survivor).equals(List.of("web"))
                && Swarm.secrets(survivor).equals(List.of("db-password"));
        timeline.event(
                kept ? "the service and the secret are still there" : style.bad("the service or the secret is gone"));
        check(
                kept && survivor.forceCalls() == 1,
                "The Swarm lost its quorum and was healed after " + healedAfter + " s, with " + survivor.forceCalls()
                        + " force call; service and secret are still there.");
        boolean held = leader.forceCalls() == 0;
        timeline.event(name(first) + ", cut off, saw \"no leader\" as well and did "
                + (held ? "nothing: its gateway is silent, so it may be the one that is lost" : style.bad("force")));
        check(held, "The host that was cut off itself did not touch its Swarm.");
        comeBack(first, survivor);
    }

    private void comeBack(Host first, Dockerd survivor) {
        timeline.chapter("4. The lost host comes back");
        first.link().mend();
        timeline.event(style.good(style.sign("⚭", "+") + " ") + "the network of " + name(first) + " is mended");
        lab.awaitSoleHolder(first, VIP, SOON);
        timeline.event(name(first) + " takes the virtual IP back at once");
        timeline.note(
                "Docker lets it rejoin by itself, which takes about a minute. Holdfast waits and forces nothing.");
        Await.until(
                "two reachable managers",
                Duration.ofMinutes(2),
                () -> Swarm.nodes(survivor).stream()
                                .filter(Swarm.Node::reachableManager)
                                .count()
                        == 2);
        timeline.event(name(first) + " is a manager again: the Swarm has its two managers back");
        long forces = engines.values().stream().mapToLong(Dockerd::forceCalls).sum();
        check(forces == 1, "The lost host came back as a manager by itself; force calls in all: " + forces + ".");
    }

    private void check(boolean holds, String result) {
        good &= holds;
        results.add((holds ? style.good(style.sign("✓", "+") + " ") : style.bad(style.sign("✗", "x") + " ")) + result);
    }

    // --- telling --------------------------------------------------------------------------------

    private static void awaitAnswers(Probe client, Host from) {
        Await.until("answers of " + from, SOON, () -> client.answering().equals(Optional.of(from.name())));
    }

    private Dockerd engine(Host host) {
        Dockerd engine = engines.get(host);
        if (engine == null) {
            throw new LabException("no engine on " + host);
        }
        return engine;
    }

    private AgentProcess agent(Host host) {
        AgentProcess agent = agents.get(host);
        if (agent == null) {
            throw new LabException("no agent on " + host);
        }
        return agent;
    }

    private String name(Host host) {
        return style.host(hosts.indexOf(host), host.name());
    }

    private static String millis(Probe.Gap gap) {
        return gap.length().toMillis() + " ms";
    }

    /** Who answered the client lately, one mark a quarter of a second. */
    private String liveLine() {
        Probe running = probe;
        if (running == null) {
            return "";
        }
        int marks = Math.max(8, Math.min(60, style.columns() - 40));
        StringBuilder line = new StringBuilder("           " + VIP + " answers ");
        for (Optional<String> who : running.recently(marks, Duration.ofMillis(250))) {
            line.append(who.map(this::mark).orElse(style.bad(style.sign("×", "."))));
        }
        return line.append(' ').append(running.answering().orElse("nobody")).toString();
    }

    private String mark(String hostName) {
        for (int i = 0; i < hosts.size(); i++) {
            if (hosts.get(i).name().equals(hostName)) {
                return style.host(i, Integer.toString(i + 1));
            }
        }
        return "?";
    }

    /** What was seen, for somebody who looked away. */
    void summary() {
        timeline.chapter("What you have seen, in " + timeline.seconds() + " s");
        results.forEach(result -> timeline.print("  " + result));
        timeline.print("");
    }

    /** Commands to look around with. */
    void howToLookAround() {
        Host first = hosts.getFirst();
        timeline.print(style.bold("The hosts are still running. In another terminal, as root:"));
        timeline.print("  on a host        ip netns exec " + first.namespace() + " bash");
        timeline.print("  its status       ip netns exec " + first.namespace()
                + " curl -s http://127.0.0.1:9651/api/v1/status");
        timeline.print("  the same, short  " + AgentProcess.executable() + " status --run-dir "
                + first.folder().resolve("run"));
        timeline.print("  its log          tail -f " + first.folder().resolve("holdfast.log"));
        if (!engines.isEmpty()) {
            timeline.print("  its Swarm        docker -H " + engine(first).url() + " node ls");
        }
        timeline.print("  cut it off       " + first.link().cutCommand());
        timeline.print("  mend it          " + first.link().mendCommand());
        timeline.print("The other hosts: "
                + String.join(", ", hosts.stream().skip(1).map(Host::namespace).toList()) + ".");
        timeline.print("Remove all of it with Ctrl-C here, or with ./dev demo --clean.");
    }
}
