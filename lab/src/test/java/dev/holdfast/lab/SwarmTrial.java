package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.SwarmCluster.Contents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One trial of healing: a filled Swarm of real engines, an agent on each host ({@code m1} has the highest priority, and so
 * the address), something bad that happens to it, and what came of it. That goes into the {@link MatrixReport}, whether
 * the trial went well or not.
 */
final class SwarmTrial {
    static final Duration SOON = Duration.ofSeconds(20);
    /** An election takes 10 to 20 s, and so does noticing the loss of a leader or a quorum before it; the machine is busy. */
    static final Duration RAFT = Duration.ofSeconds(90);
    /** Longer than the last host of a cold boot takes to come, and shorter than a trial may. */
    static final Duration BOOT_GRACE = Duration.ofSeconds(90);
    /** Within this after its hosts are back, a Swarm has all its managers again. */
    static final Duration REUNION = Duration.ofMinutes(3);

    /**
     * What is to be tried.
     *
     * @param hold of healing
     * @param proxies whether somebody stands between each agent and its engine: {@link #proxy}
     * @param promises whether a force needs the promises of most agents: policy {@code quorum}, and a channel between them
     */
    record Setup(int managers, int workers, Duration hold, boolean proxies, boolean promises) {
        static Setup of(int managers) {
            return new Setup(managers, 0, Duration.ofSeconds(5), false, false);
        }

        Setup withWorkers(int count) {
            return new Setup(managers, count, hold, proxies, promises);
        }

        Setup withHold(Duration time) {
            return new Setup(managers, workers, time, proxies, promises);
        }

        Setup withProxies() {
            return new Setup(managers, workers, hold, true, promises);
        }

        Setup withPromises() {
            return new Setup(managers, workers, hold, proxies, true);
        }
    }

    /** What happens in a trial; may fail as any test does. */
    @FunctionalInterface
    interface Story {
        void tell(SwarmTrial trial) throws Exception;
    }

    private final Lab lab;
    private final Setup setup;
    private final SwarmCluster cluster;
    private final Contents before;
    private final Map<Dockerd, EngineProxy> proxies = new LinkedHashMap<>();
    private final Map<Dockerd, AgentProcess> agents = new LinkedHashMap<>();
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();

    private SwarmTrial(Lab lab, Setup setup) {
        this.lab = lab;
        this.setup = setup;
        this.cluster = SwarmCluster.start(lab, setup.managers(), setup.workers());
        this.before = Contents.of(cluster.managers().getFirst());
        assertThat(before.services()).as("the Swarm was filled").containsExactly("web");
        assertThat(before.networks()).as("the Swarm was filled").containsExactly("backend");
        if (setup.proxies()) {
            cluster.engines().forEach(engine -> proxies.put(engine, EngineProxy.before(engine, lab)));
        }
        startAgents();
    }

    /** Runs a trial and notes what came of it. */
    static void run(String name, Lab lab, Setup setup, Story story) throws Exception {
        SwarmTrial trial = new SwarmTrial(lab, setup);
        String result = "ok";
        try {
            story.tell(trial);
        } catch (Throwable e) {
            result = "FAILED: " + String.valueOf(e.getMessage()).strip();
            throw e;
        } finally {
            trial.note(name, result);
        }
    }

    private void note(String name, String result) {
        List<Dockerd> leaders = SwarmCluster.leaders(cluster.managers());
        Instant end = Instant.now().plus(SOON);
        // One that was left out, and is back, may cost the others their leader for a moment.
        while (leaders.isEmpty() && Instant.now().isBefore(end)) {
            pass(Duration.ofSeconds(1));
            leaders = SwarmCluster.leaders(cluster.managers());
        }
        MatrixReport.add(
                cluster.managers().getFirst().version(),
                new MatrixReport.Line(
                        name,
                        setup.managers(),
                        setup.workers(),
                        result,
                        cluster.forceCalls(),
                        SwarmCluster.hosts(leaders).stream().map(Host::name).toList(),
                        leaders.isEmpty() ? 0 : SwarmCluster.reachableManagers(leaders.getFirst()),
                        leaders.isEmpty() ? "nobody can tell" : kept(Contents.of(leaders.getFirst())),
                        seconds,
                        remarks));
    }

    private String kept(Contents now) {
        List<String> missing = new ArrayList<>();
        if (!now.cluster().equals(before.cluster())) {
            missing.add("the cluster's id");
        }
        missing(missing, "service", before.services(), now.services());
        missing(missing, "secret", before.secrets(), now.secrets());
        missing(missing, "config", before.configs(), now.configs());
        missing(missing, "network", before.networks(), now.networks());
        return missing.isEmpty() ? "all" : "not " + String.join(", ", missing);
    }

    private static void missing(List<String> missing, String kind, List<String> wanted, List<String> found) {
        wanted.stream().filter(name -> !found.contains(name)).forEach(name -> missing.add(kind + " " + name));
    }

    // ---- agents

    private void startAgents() {
        for (Dockerd engine : cluster.engines()) {
            agents.put(engine, AgentProcess.launch(engine.host(), config(engine, "")));
        }
        agents.values().forEach(AgentProcess::awaitUp);
        Dockerd first = cluster.managers().getFirst();
        lab.awaitSoleHolder(first.host(), Router.VIP, SOON);
        cluster.managers().forEach(engine -> agent(engine).awaitSwarmState("HAS_LEADER", SOON));
    }

    private String config(Dockerd engine, String swarm) {
        int priority = 200 - 10 * cluster.engines().indexOf(engine);
        return """
                holdfast {
                  node = %s
                  vrrp {
                    version = 3
                    instances.%s {
                      interface = %s
                      virtual-router-id = %d
                      priority = %d
                      advert-interval = 500ms
                      addresses = ["%s/24"]
                    }
                  }
                  %s
                  swarm {
                    docker-host = "%s"
                    heal { policy = %s, hold = %ds, boot-grace = %ds, backoff { min = 1s, max = 5s } }
                    %s
                  }
                }
                """.formatted(
                        engine.host().name(),
                        Router.INSTANCE,
                        engine.host().interfaceName(),
                        Router.ID,
                        priority,
                        Router.VIP,
                        setup.promises() ? peers(engine.host()) : "",
                        setup.proxies() ? proxy(engine).url() : engine.url(),
                        setup.promises() ? "quorum" : "guarded",
                        setup.hold().toSeconds(),
                        BOOT_GRACE.toSeconds(),
                        swarm);
    }

    private String peers(Host host) {
        return "peers { agents = [%s], secret { file = \"%s\" } }"
                .formatted(
                        cluster.engines().stream()
                                .map(each -> '"' + each.host().address() + '"')
                                .collect(Collectors.joining(", ")),
                        host.writeSecret("peers", "a secret of more than thirty-two bytes\n"));
    }

    /** Gives an agent other keys in its section {@code swarm}, in place of those from before. */
    void configure(Dockerd engine, String swarm) {
        agent(engine).reload(config(engine, swarm));
    }

    /** Who stands between this engine and its agent, if the setup says that somebody does. */
    EngineProxy proxy(Dockerd engine) {
        EngineProxy proxy = proxies.get(engine);
        if (proxy == null) {
            throw new LabException("nobody stands before the engine of " + engine.host());
        }
        return proxy;
    }

    AgentProcess agent(Dockerd engine) {
        AgentProcess agent = agents.get(engine);
        if (agent == null) {
            throw new LabException("there is no agent on " + engine.host());
        }
        return agent;
    }

    // ---- power

    /** Takes the power from all hosts at once. */
    void powerOff() {
        agents.values().forEach(agent -> agent.process().kill());
        cluster.engines().forEach(engine -> engine.process().kill());
        agents.values().forEach(AgentProcess::close);
        cluster.engines().forEach(Dockerd::kill);
    }

    /** Gives the hosts of these engines power again; all of them at the same time. */
    void powerOn(List<Dockerd> engines) {
        engines.forEach(engine -> engine.relaunch(lab));
        engines.forEach(Dockerd::awaitReady);
        engines.forEach(engine -> agent(engine).restart());
    }

    /** How long it may take a host that boots alone to heal, from its power on. */
    Duration bootLimit() {
        return BOOT_GRACE.plus(hold()).plus(RAFT);
    }

    // ---- the Swarm

    Lab lab() {
        return lab;
    }

    SwarmCluster cluster() {
        return cluster;
    }

    Duration hold() {
        return setup.hold();
    }

    List<Dockerd> managers() {
        return cluster.managers();
    }

    /** The manager by its number, from 1 on. */
    Dockerd manager(int number) {
        return cluster.managers().get(number - 1);
    }

    /** All managers but these. */
    List<Dockerd> managersBut(List<Dockerd> left) {
        return cluster.managers().stream()
                .filter(engine -> !left.contains(engine))
                .toList();
    }

    // ---- what time it took, and other remarks

    /** Notes how long something took. */
    void took(String what, Duration time) {
        seconds.put(what, Math.round(time.toMillis() / 100.0) / 10.0);
    }

    /** The same, from then until now. */
    Duration took(String what, Instant since) {
        Duration time = Duration.between(since, Instant.now());
        took(what, time);
        return time;
    }

    void remark(String text) {
        remarks.add(text);
    }

    /** When an agent first logged such a line after that moment; empty if it has not. */
    Optional<Instant> logged(Dockerd engine, Instant since, Predicate<String> fits) {
        return agent(engine).process().lines().stream()
                .filter(line -> !line.at().isBefore(since) && fits.test(line.text()))
                .map(LabProcess.Line::at)
                .findFirst();
    }

    // ---- what must hold

    /** Goes on only after whoever wanted to force has had the time to: the hold, and some looks at the engine. */
    void giveForcesTheirTime() {
        long forces = cluster.forceCalls();
        pass(hold().plusSeconds(6));
        assertThat(cluster.forceCalls()).as("force calls after the hold").isEqualTo(forces);
    }

    /** Lets time go by, where the trial is about what happens in it. */
    static void pass(Duration time) {
        Await.holdsFor("time to pass", time, () -> true);
    }

    /** How many force calls the engines have received, and the agents' journals own up to. */
    void assertForces(long wanted) {
        assertThat(cluster.forceCalls()).as("force calls that engines received").isEqualTo(wanted);
        assertThat(attempts()).as("force calls in the journals").isEqualTo(wanted);
    }

    /** How many force calls the journals of all agents name, those aside that were taken back before the call. */
    long attempts() {
        return agents.values().stream()
                .mapToLong(agent -> count(agent, "\"event\":\"attempt\"") - count(agent, "\"result\":\"cancelled\""))
                .sum();
    }

    private static long count(AgentProcess agent, String part) {
        return agent.host()
                .read("state/heal-journal.jsonl")
                .lines()
                .filter(line -> line.contains(part))
                .count();
    }

    /** Waits for the full number of managers behind one leader, with everything in it, and notes how long it took. */
    void assertWholeAgain(Instant since) {
        Dockerd leader = cluster.awaitWhole(REUNION.minus(Duration.between(since, Instant.now())));
        took("whole", since);
        assertKept(leader);
    }

    /** Everything that was made before is still there, and so is the cluster itself. */
    void assertKept(Dockerd leader) {
        assertThat(kept(Contents.of(leader)))
                .as("what is left, says " + leader.host())
                .isEqualTo("all");
    }
}
