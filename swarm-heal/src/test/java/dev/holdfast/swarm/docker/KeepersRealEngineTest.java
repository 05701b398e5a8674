package dev.holdfast.swarm.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealConfig;
import dev.holdfast.swarm.HealListener;
import dev.holdfast.swarm.HealPorts;
import dev.holdfast.swarm.LocalAddresses;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.ManagerProbe;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.WitnessProbe;
import dev.holdfast.swarm.managers.KeepAction;
import dev.holdfast.swarm.managers.KeepMode;
import dev.holdfast.swarm.managers.KeepTask;
import dev.holdfast.swarm.managers.KeeperPorts;
import dev.holdfast.swarm.managers.Keepers;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.swarm.managers.ManagersStatus;
import dev.holdfast.swarm.managers.RejoinMode;
import dev.holdfast.swarm.peer.AgentReport;
import dev.holdfast.swarm.peer.Lineage;
import dev.holdfast.swarm.peer.PeerReply;
import dev.holdfast.swarm.peer.PeerRequest;
import dev.holdfast.swarm.peer.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The keepers of managers on real engines. Needs root and dockerd. */
@Timeout(600)
class KeepersRealEngineTest {

    private static final SwarmConfig CONFIG =
            new SwarmConfig(true, SwarmConfig.DEFAULT_DOCKER_HOST, null, HealConfig.defaults(), Set.of());

    private static final ManagersConfig MANAGERS = ManagersConfig.defaults();

    @TempDir
    Path directory;

    @BeforeEach
    void needsEngines() {
        assumeTrue(Engine.canRun(), "needs root, dockerd, ip, nsenter and network namespaces");
    }

    /** A healer beside an engine that is MASTER, with its keepers. */
    private record Agent(SwarmHealer healer, Keepers keepers, AtomicReference<SwarmSnapshot> latest)
            implements AutoCloseable {
        @Override
        public void close() {
            healer.close();
            keepers.close();
        }
    }

    /** Runs fast, so that a grace of two minutes takes half a minute. Evenly: an agent whose latest look is old is not believed. */
    private static final class FastClock implements HealClock {
        private static final HealClock REAL = HealClock.system();
        private static final int TIMES = 4;
        private final long start = REAL.nanos();

        @Override
        public long nanos() {
            return start + (REAL.nanos() - start) * TIMES;
        }

        @Override
        public Instant now() {
            return REAL.now();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            REAL.sleep(nanos / TIMES);
        }
    }

    private HealClock clock = HealClock.system();

    private Agent agent(Engine engine, int number, ManagersConfig managers, Peers peers) {
        return agent(engine, number, managers, peers, Lineage.NONE);
    }

    private Agent agent(Engine engine, int number, ManagersConfig managers, Peers peers, Lineage lineage) {
        Path stateDir = directory.resolve("state" + number);
        SwarmConfig config = new SwarmConfig(true, engine.uri(), null, HealConfig.defaults(), Set.of());
        LocalAddresses addresses = () -> Set.of(InetAddress.ofLiteral(Cluster.address(number)));
        // From the root namespace nobody here can be reached, and nothing is to be forced.
        ManagerProbe everybody = endpoint -> true;
        Keepers keepers = new Keepers(
                managers,
                config,
                new KeeperPorts(
                        new DockerSwarmAdministration(engine.uri()), peers, () -> lineage, everybody, addresses, clock),
                stateDir);
        HealPorts ports = new HealPorts(
                new DockerSwarmGateway(engine.uri()),
                everybody,
                witness -> new WitnessProbe.Answer(witness, WitnessProbe.Outcome.SILENT, "not asked"),
                addresses,
                clock,
                new Random());
        AtomicReference<SwarmSnapshot> latest = new AtomicReference<>();
        HealListener listener = new HealListener() {
            @Override
            public void looked(SwarmHealer.Look look) {
                latest.set(look.snapshot());
            }
        };
        SwarmHealer healer = new SwarmHealer(config, ports, stateDir, listener, keepers);
        healer.masterSince(clock.nanos());
        healer.start();
        return new Agent(healer, keepers, latest);
    }

    private static void awaitLook(Cluster cluster, int number, Predicate<SwarmSnapshot> wanted) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    SwarmSnapshot seen = cluster.look(number);
                    assertThat(wanted.test(seen))
                            .as("%s %s", seen, cluster.engine(number).log())
                            .isTrue();
                });
    }

    private static long managers(SwarmSnapshot seen) {
        return seen.managers().stream()
                .filter(manager -> manager.reachability().equals("reachable"))
                .count();
    }

    @Test
    void aLockedManagerIsOpenedWithTheKeyAndLeftAloneWithoutOne() throws Exception {
        try (Cluster cluster = Cluster.start(1, directory)) {
            awaitLook(cluster, 1, seen -> seen.state() == SwarmState.INACTIVE);
            cluster.engine(1).docker("swarm", "init", "--autolock", "--advertise-addr", Cluster.address(1));
            String key = cluster.engine(1).docker("swarm", "unlock-key", "-q");
            String secret = cluster.engine(1).docker("network", "create", "--driver", "overlay", "kept");
            cluster.restart(1);
            awaitLook(cluster, 1, seen -> seen.state() == SwarmState.LOCKED);

            ManagersConfig without = ManagersConfig.defaults();
            ManagersConfig wrong = new ManagersConfig(
                    3,
                    KeepMode.OFF,
                    Duration.ofMinutes(5),
                    RejoinMode.AUTO,
                    new Secret("SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8"));
            ManagersConfig right =
                    new ManagersConfig(3, KeepMode.OFF, Duration.ofMinutes(5), RejoinMode.AUTO, new Secret(key));
            try (Agent agent = agent(cluster.engine(1), 1, without, Peers.NONE)) {
                awaitTask(agent, task -> task.reason().equals("no-key"));
                assertThat(agent.keepers().status().repairs().get(KeepAction.UNLOCK))
                        .isEqualTo(ManagersStatus.Count.NONE);
                agent.keepers().reconfigure(wrong, CONFIG);
                awaitTask(agent, task -> task.reason().equals("backoff"));
                assertThat(agent.keepers().status().repairs().get(KeepAction.UNLOCK))
                        .isEqualTo(new ManagersStatus.Count(0, 1));
                assertThat(cluster.look(1).state()).isEqualTo(SwarmState.LOCKED);
                agent.keepers().reconfigure(right, CONFIG);
                awaitLook(cluster, 1, SwarmSnapshot::selfIsLeader);
                awaitTask(
                        agent,
                        task -> task.task() == KeepTask.UNLOCK && task.reason().equals("as-it-should-be"));
                // Others see it unlocked before the engine has answered to who did it.
                await().atMost(Duration.ofSeconds(90))
                        .untilAsserted(() -> assertThat(
                                        agent.keepers().status().repairs().get(KeepAction.UNLOCK))
                                .isEqualTo(new ManagersStatus.Count(1, 1)));
            }
            assertThat(cluster.engine(1).docker("network", "ls", "-q", "--no-trunc"))
                    .contains(secret);
            assertThat(Files.readString(directory.resolve("state1/managers-journal.jsonl")))
                    .contains("\"unlock\"")
                    .doesNotContain(key);
        }
    }

    private static void awaitTask(Agent agent, Predicate<ManagersStatus.Task> wanted) {
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(agent.keepers().status().tasks())
                        .as("%s", agent.healer().status())
                        .anyMatch(wanted));
    }

    @Test
    void aDeadManagerIsDemotedAndAWorkerPromotedInItsPlace() throws Exception {
        try (Cluster cluster = Cluster.start(4, directory)) {
            awaitLook(cluster, 1, seen -> seen.state() == SwarmState.INACTIVE);
            cluster.engine(1).docker("swarm", "init", "--advertise-addr", Cluster.address(1));
            String manager = cluster.engine(1).docker("swarm", "join-token", "-q", "manager");
            String worker = cluster.engine(1).docker("swarm", "join-token", "-q", "worker");
            for (int number = 2; number <= 4; number++) {
                int joining = number;
                awaitLook(cluster, joining, seen -> seen.state() == SwarmState.INACTIVE);
                cluster.engine(number)
                        .docker(
                                "swarm",
                                "join",
                                "--token",
                                number == 4 ? worker : manager,
                                "--advertise-addr",
                                Cluster.address(number),
                                Cluster.address(1) + ":2377");
            }
            awaitLook(cluster, 1, seen -> managers(seen) == 3 && seen.nodes().size() == 4);
            String dead = cluster.look(3).nodeId();
            ManagersConfig config =
                    new ManagersConfig(3, KeepMode.ON, ManagersConfig.LEAST_DEAD_AFTER, RejoinMode.AUTO, null);
            try (Agent agent = agent(cluster.engine(1), 1, config, Peers.NONE)) {
                cluster.cut(3);
                await().atMost(Duration.ofMinutes(5))
                        .pollInterval(Duration.ofSeconds(1))
                        .untilAsserted(() -> {
                            SwarmSnapshot seen = cluster.look(1);
                            assertThat(managers(seen))
                                    .as("%s %s", seen, agent.keepers().status())
                                    .isEqualTo(3);
                            assertThat(seen.managers())
                                    .noneMatch(member -> member.id().equals(dead));
                        });
                assertThat(agent.keepers().status().repairs())
                        .containsEntry(KeepAction.DEMOTE, new ManagersStatus.Count(1, 0))
                        .containsEntry(KeepAction.PROMOTE, new ManagersStatus.Count(1, 0));
            }
            awaitLook(cluster, 4, seen -> seen.state() == SwarmState.HAS_LEADER);
        }
    }

    /** One of the two agents of a test in one process, as the other one hears and asks it. */
    private Peers peer(String name, Supplier<Agent> other, Lineage lineage) {
        return new Peers() {
            @Override
            public int configured() {
                return 2;
            }

            @Override
            public boolean counts(String agent) {
                return true;
            }

            @Override
            public List<Heard> heard() {
                Agent there = other.get();
                SwarmSnapshot seen = there == null ? null : there.latest().get();
                return seen == null ? List.of() : List.of(new Heard(report(name, seen, lineage), clock.nanos()));
            }

            @Override
            public PeerReply ask(String agent, PeerRequest request, Duration within) {
                Agent there = other.get();
                return there == null
                        ? new PeerReply.NoAnswer("not started yet")
                        : there.keepers().answer("asking", request);
            }
        };
    }

    /** The agents of the first two hosts, each of which hears and asks the other one. */
    private record Pair(Agent one, Agent two) implements AutoCloseable {
        @Override
        public void close() {
            two.close();
            one.close();
        }
    }

    private Pair pair(Cluster cluster, Lineage ofOne, Lineage ofTwo) {
        AtomicReference<Agent> first = new AtomicReference<>();
        AtomicReference<Agent> second = new AtomicReference<>();
        first.set(agent(cluster.engine(1), 1, MANAGERS, peer("two", second::get, ofTwo), ofOne));
        second.set(agent(cluster.engine(2), 2, MANAGERS, peer("one", first::get, ofOne), ofTwo));
        return new Pair(first.get(), second.get());
    }

    private static AgentReport report(String name, SwarmSnapshot seen, Lineage lineage) {
        return new AgentReport(
                name,
                true,
                seen.state(),
                0,
                seen.nodeId(),
                seen.nodeAddress(),
                seen.cluster() == null ? "" : seen.cluster().id(),
                seen.leader().map(Manager::id).orElse(""),
                lineage,
                true);
    }

    private static String ofTwoManagers(Cluster cluster) throws IOException, InterruptedException {
        awaitLook(cluster, 1, seen -> seen.state() == SwarmState.INACTIVE);
        awaitLook(cluster, 2, seen -> seen.state() == SwarmState.INACTIVE);
        cluster.engine(1).docker("swarm", "init", "--advertise-addr", Cluster.address(1));
        String token = cluster.engine(1).docker("swarm", "join-token", "-q", "manager");
        cluster.engine(2)
                .docker(
                        "swarm",
                        "join",
                        "--token",
                        token,
                        "--advertise-addr",
                        Cluster.address(2),
                        Cluster.address(1) + ":2377");
        awaitLook(cluster, 1, seen -> managers(seen) == 2);
        awaitLook(cluster, 2, seen -> managers(seen) == 2);
        return cluster.look(2).nodeId();
    }

    private void force(Cluster cluster, int number) throws IOException, InterruptedException {
        cluster.engine(number)
                .docker("swarm", "init", "--force-new-cluster", "--advertise-addr", Cluster.address(number));
        awaitLook(cluster, number, SwarmSnapshot::selfIsLeader);
    }

    private void cutAndForceTheOther(Cluster cluster) throws IOException, InterruptedException {
        cluster.cut(2);
        awaitLook(cluster, 1, seen -> managers(seen) < 2 || seen.state() != SwarmState.HAS_LEADER);
        force(cluster, 1);
    }

    /** Both remember what the second is, then look away while something befalls it. */
    private void remember(Cluster cluster, String second) {
        try (Agent one = agent(cluster.engine(1), 1, ManagersConfig.defaults(), Peers.NONE);
                Agent two = agent(cluster.engine(2), 2, ManagersConfig.defaults(), Peers.NONE)) {
            awaitTask(one, task -> task.reason().equals("as-it-should-be"));
            awaitTask(two, task -> task.reason().equals("as-it-should-be"));
            for (String file : List.of("state1/roles.json", "state2/own-node.json")) {
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() ->
                                assertThat(directory.resolve(file)).content().contains(second));
            }
        }
    }

    private void awaitReturn(Cluster cluster, Pair agents, String former) {
        awaitReturn(cluster, agents, former, new ManagersStatus.Count(1, 0)::equals);
    }

    private void awaitReturn(Cluster cluster, Pair agents, String former, Predicate<ManagersStatus.Count> joins) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(managers(cluster.look(1)))
                        .as(
                                "%s %s %s",
                                agents.one().keepers().status(),
                                cluster.look(2),
                                agents.two().keepers().status())
                        .isEqualTo(2));
        // The others see it before the call that did it has been answered.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(agents.two().keepers().status().repairs())
                        .containsEntry(KeepAction.LEAVE, new ManagersStatus.Count(1, 0))
                        .hasEntrySatisfying(
                                KeepAction.JOIN, count -> assertThat(count).matches(joins)));
        assertThat(cluster.look(2).nodeId()).isNotEqualTo(former);
    }

    /** Forced without it, and out of the list: its copy has no leader, so nobody can tell what it holds. Only an order gives it up. */
    @Test
    @Tag("soak")
    void anOldCopyWithoutALeaderIsKeptUntilItMayBeGivenUp() throws Exception {
        clock = new FastClock();
        try (Cluster cluster = Cluster.start(2, directory)) {
            String former = ofTwoManagers(cluster);
            remember(cluster, former);
            cutAndForceTheOther(cluster);
            // No demotion first: after a force the engine refuses to demote what raft does not have.
            cluster.engine(1).docker("node", "rm", "--force", former);
            cluster.mend(2);
            try (Pair agents = pair(cluster, new Lineage(1, 0), Lineage.NONE)) {
                Agent two = agents.two();
                awaitTask(two, task -> task.reason().equals("inventory-unknown"));
                assertThat(two.keepers().status().repairs()).containsEntry(KeepAction.LEAVE, ManagersStatus.Count.NONE);
                two.keepers()
                        .reconfigure(
                                new ManagersConfig(
                                        MANAGERS.target(),
                                        MANAGERS.mode(),
                                        MANAGERS.deadAfter(),
                                        RejoinMode.FORCE,
                                        null),
                                CONFIG);
                awaitReturn(cluster, agents, former);
            }
        }
    }

    /** The leader lists it, raft does not take it in again: the way from the leader to it is closed. */
    @Test
    @Tag("soak")
    void aManagerInLimboIsTakenInAnew() throws Exception {
        clock = new FastClock();
        try (Cluster cluster = Cluster.start(2, directory)) {
            String former = ofTwoManagers(cluster);
            remember(cluster, former);
            cutAndForceTheOther(cluster);
            String kept = cluster.engine(1).docker("network", "create", "--driver", "overlay", "kept");
            cluster.closeSwarmPort(2);
            cluster.mend(2);
            try (Pair agents = pair(cluster, new Lineage(1, 0), Lineage.NONE)) {
                Agent two = agents.two();
                awaitTask(
                        two,
                        task -> task.reason().equals("grace")
                                && task.explanation().contains("raft does not have it"));
                // While the way is closed, neither the engine by itself nor a new join comes back.
                awaitTask(two, task -> task.reason().equals("call-failed"));
                cluster.openSwarmPort(2);
                awaitReturn(cluster, agents, former, joins -> joins.succeeded() == 1 && joins.failed() >= 1);
                // The entry that it had, and what the join that failed has left.
                await().atMost(Duration.ofMinutes(6))
                        .pollInterval(Duration.ofSeconds(2))
                        .untilAsserted(
                                () -> assertThat(cluster.look(1).nodes()).allMatch(node -> node.manager() != null));
            }
            assertThat(cluster.engine(1).docker("network", "ls", "-q", "--no-trunc"))
                    .contains(kept);
        }
    }

    /** Both sides were forced, the first after the second: the older copy stays as long as it has something of its own. */
    @Test
    void aStaleForkComesBackOnceItHoldsNothingThatTheOtherLacks() throws Exception {
        clock = new FastClock();
        try (Cluster cluster = Cluster.start(2, directory)) {
            String former = ofTwoManagers(cluster);
            remember(cluster, former);
            cluster.cut(2);
            force(cluster, 2);
            force(cluster, 1);
            String extra = cluster.engine(2).docker("network", "create", "--driver", "overlay", "extra");
            cluster.mend(2);
            try (Pair agents = pair(cluster, new Lineage(2, 0), new Lineage(1, 0))) {
                Agent two = agents.two();
                awaitTask(
                        two,
                        task -> task.task() == KeepTask.REJOIN && task.reason().equals("grace"));
                awaitTask(
                        two,
                        task -> task.reason().equals("would-be-lost")
                                && task.explanation().contains("network extra"));
                assertThat(cluster.engine(2).docker("network", "ls", "-q", "--no-trunc"))
                        .contains(extra);
                cluster.engine(2).docker("network", "rm", "extra");
                awaitReturn(cluster, agents, former);
            }
        }
    }
}
