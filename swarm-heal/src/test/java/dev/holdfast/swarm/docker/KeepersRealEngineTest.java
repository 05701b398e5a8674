package dev.holdfast.swarm.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealConfig;
import dev.holdfast.swarm.HealListener;
import dev.holdfast.swarm.HealPorts;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.WitnessProbe;
import dev.holdfast.swarm.managers.KeepAction;
import dev.holdfast.swarm.managers.KeepMode;
import dev.holdfast.swarm.managers.Keepers;
import dev.holdfast.swarm.managers.ManagersConfig;
import dev.holdfast.swarm.managers.ManagersStatus;
import dev.holdfast.swarm.peer.Peers;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The keepers of managers on real engines. Needs root and dockerd. */
@Timeout(420)
class KeepersRealEngineTest {

    @TempDir
    Path directory;

    @BeforeEach
    void needsEngines() {
        assumeTrue(Engine.canRun(), "needs root, dockerd, ip, nsenter and network namespaces");
    }

    /** A healer beside an engine that is MASTER, with its keepers. */
    private record Agent(SwarmHealer healer, Keepers keepers) implements AutoCloseable {
        @Override
        public void close() {
            healer.close();
            keepers.close();
        }
    }

    private Agent agent(Engine engine, int number, ManagersConfig managers) {
        Path stateDir = directory.resolve("state" + number);
        Keepers keepers = new Keepers(
                managers, new DockerSwarmAdministration(engine.uri()), Peers.NONE, HealClock.system(), stateDir);
        SwarmConfig config = new SwarmConfig(true, engine.uri(), null, HealConfig.defaults(), Set.of());
        HealPorts ports = new HealPorts(
                new DockerSwarmGateway(engine.uri()),
                // From the root namespace nobody here can be reached, and nothing is to be forced.
                endpoint -> true,
                witness -> new WitnessProbe.Answer(witness, WitnessProbe.Outcome.SILENT, "not asked"),
                () -> Set.of(InetAddress.ofLiteral(Cluster.address(number))),
                HealClock.system(),
                new Random());
        SwarmHealer healer = new SwarmHealer(config, ports, stateDir, HealListener.NONE, keepers);
        healer.masterSince(System.nanoTime());
        healer.start();
        return new Agent(healer, keepers);
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
                    new Secret("SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8"));
            ManagersConfig right = new ManagersConfig(3, KeepMode.OFF, Duration.ofMinutes(5), new Secret(key));
            try (Agent agent = agent(cluster.engine(1), 1, without)) {
                awaitTask(agent, task -> task.reason().equals("no-key"));
                assertThat(agent.keepers().status().repairs().get(KeepAction.UNLOCK))
                        .isEqualTo(ManagersStatus.Count.NONE);
                agent.keepers().reconfigure(wrong);
                awaitTask(agent, task -> task.reason().equals("backoff"));
                assertThat(agent.keepers().status().repairs().get(KeepAction.UNLOCK))
                        .isEqualTo(new ManagersStatus.Count(0, 1));
                assertThat(cluster.look(1).state()).isEqualTo(SwarmState.LOCKED);
                agent.keepers().reconfigure(right);
                awaitLook(cluster, 1, SwarmSnapshot::selfIsLeader);
                awaitTask(agent, task -> task.reason().equals("as-it-should-be"));
                assertThat(agent.keepers().status().repairs().get(KeepAction.UNLOCK))
                        .isEqualTo(new ManagersStatus.Count(1, 1));
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
            ManagersConfig config = new ManagersConfig(3, KeepMode.ON, ManagersConfig.LEAST_DEAD_AFTER, null);
            try (Agent agent = agent(cluster.engine(1), 1, config)) {
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
}
