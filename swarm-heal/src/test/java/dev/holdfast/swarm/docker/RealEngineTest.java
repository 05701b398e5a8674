package dev.holdfast.swarm.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.swarm.EngineFault;
import dev.holdfast.swarm.HealClock;
import dev.holdfast.swarm.HealConfig;
import dev.holdfast.swarm.HealListener;
import dev.holdfast.swarm.HealMode;
import dev.holdfast.swarm.HealPorts;
import dev.holdfast.swarm.HealStatus;
import dev.holdfast.swarm.Manager;
import dev.holdfast.swarm.SwarmClassifier;
import dev.holdfast.swarm.SwarmConfig;
import dev.holdfast.swarm.SwarmHealer;
import dev.holdfast.swarm.SwarmSnapshot;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.WitnessProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The adapter and the healer against real engines, in two network namespaces joined by a cable. Needs root and dockerd. */
@Timeout(240)
class RealEngineTest {

    private final String left = "hfsw" + ProcessHandle.current().pid() + "a";
    private final String right = "hfsw" + ProcessHandle.current().pid() + "b";

    private final Thread atExit = new Thread(() -> {
        try {
            remove(left);
            remove(right);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    });

    @TempDir
    Path directory;

    @BeforeEach
    void makeHosts() throws Exception {
        assumeTrue(Engine.canRun(), "needs root, dockerd, ip, nsenter and network namespaces");
        removeStale();
        Runtime.getRuntime().addShutdownHook(atExit);
        Engine.run("ip", "netns", "add", left);
        Engine.run("ip", "netns", "add", right);
        Engine.run("ip", "-n", left, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", right);
        for (String host : List.of(left, right)) {
            Engine.run(
                    "ip",
                    "-n",
                    host,
                    "addr",
                    "add",
                    host.equals(left) ? "10.99.0.1/24" : "10.99.0.2/24",
                    "dev",
                    "eth0");
            Engine.run("ip", "-n", host, "link", "set", "lo", "up");
            Engine.run("ip", "-n", host, "link", "set", "eth0", "up");
        }
    }

    @AfterEach
    void removeHosts() throws InterruptedException {
        Runtime.getRuntime().removeShutdownHook(atExit);
        remove(left);
        remove(right);
    }

    /** What runs that were killed have left. */
    private static void removeStale() throws IOException, InterruptedException {
        Pattern name = Pattern.compile("hfsw(\\d+)[ab]");
        for (String line : Engine.run("ip", "netns", "list").lines().toList()) {
            Matcher match = name.matcher(line.strip().replaceAll(" .*", ""));
            if (match.matches()
                    && ProcessHandle.of(Long.parseLong(match.group(1))).isEmpty()) {
                remove(match.group());
            }
        }
    }

    private static void remove(String namespace) throws InterruptedException {
        try {
            Engine.run("ip", "netns", "del", namespace);
        } catch (IOException e) {
            // It was never made, or is gone already.
            assertThat(e).hasMessageContaining("netns");
        }
    }

    @Test
    void twoManagersOfWhichTheLeaderDiesAreHealed() throws Exception {
        try (Engine survivor = Engine.start(left, directory.resolve("a"));
                DockerSwarmGateway gateway = new DockerSwarmGateway(survivor.uri())) {
            AtomicReference<SwarmSnapshot> seen = new AtomicReference<>();
            String network;
            try (Engine leader = Engine.start(right, directory.resolve("b"));
                    DockerSwarmGateway leaders = new DockerSwarmGateway(leader.uri())) {
                awaitState(survivor, gateway, SwarmState.INACTIVE, seen);
                awaitState(leader, leaders, SwarmState.INACTIVE, seen);
                leader.docker("swarm", "init", "--advertise-addr", "10.99.0.2");
                awaitState(leader, leaders, SwarmState.HAS_LEADER, seen);
                assertThat(seen.get().selfIsLeader()).isTrue();
                assertThat(seen.get().cluster()).isNotNull();
                assertThat(seen.get().cluster().dataPathPort()).isEqualTo(4789);
                String token = leader.docker("swarm", "join-token", "-q", "manager");
                survivor.docker("swarm", "join", "--token", token, "10.99.0.2:2377");
                awaitState(survivor, gateway, SwarmState.HAS_LEADER, seen);
                assertThat(seen.get().leader()).map(Manager::endpoint).hasToString("Optional[10.99.0.2:2377]");
                assertThat(seen.get().selfIsLeader()).isFalse();
                network = leader.docker("network", "create", "--driver", "overlay", "kept");

                // Cut, not stopped: an engine that is stopped in order hands its leadership over.
                Engine.run("ip", "-n", right, "link", "set", "eth0", "down");
            }

            SwarmConfig config = new SwarmConfig(
                    true,
                    survivor.uri(),
                    null,
                    new HealConfig(
                            HealMode.GUARDED,
                            Duration.ofSeconds(6),
                            List.of(),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(60),
                            3,
                            Duration.ofMinutes(10),
                            Duration.ZERO),
                    Set.of());
            HealPorts ports = new HealPorts(
                    gateway,
                    // From the root namespace nobody here can be reached; the other engine is dead.
                    endpoint -> false,
                    witness -> new WitnessProbe.Answer(witness, WitnessProbe.Outcome.ANSWERED, "asked"),
                    () -> Set.of(InetAddress.ofLiteral("10.99.0.1")),
                    HealClock.system(),
                    new Random());
            try (SwarmHealer healer = new SwarmHealer(config, ports, directory.resolve("state"), HealListener.NONE)) {
                healer.masterSince(System.nanoTime());
                healer.start();
                await().atMost(Duration.ofSeconds(150))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(healer.status())
                                .extracting(HealStatus::state, s -> s.forces().toString(), s -> s.reason())
                                .as("%s", healer.status())
                                .matches(fields -> fields.get(0) == SwarmState.HAS_LEADER
                                        && fields.get(1).toString().contains("SUCCESS=1")
                                        && fields.get(1).toString().contains("FAILURE=0")
                                        && fields.get(2).equals("has-leader")));
                assertThat(healer.status().leader())
                        .extracting(Manager::endpoint)
                        .hasToString("10.99.0.1:2377");
            }
            assertThat(survivor.docker("network", "ls", "-q", "--no-trunc")).contains(network);
        }
    }

    @Test
    void aSocketThatMayNotBeUsedIsNamed() throws Exception {
        assumeTrue(canDropPrivileges(), "needs setpriv");
        try (Engine engine = Engine.start(left, directory.resolve("a"));
                DockerSwarmGateway gateway = new DockerSwarmGateway(engine.uri())) {
            awaitState(engine, gateway, SwarmState.INACTIVE, new AtomicReference<>());
            // Root without the right to pass over file modes, at a socket of another owner.
            Engine.run("chown", "65534:65534", engine.socket().toString());
            Engine.run("chmod", "0600", engine.socket().toString());
            String seen = Engine.run(
                    "setpriv",
                    "--bounding-set=-dac_override,-dac_read_search",
                    "--inh-caps=-all",
                    System.getProperty("java.home") + "/bin/java",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    Look.class.getName(),
                    engine.uri().toString());
            assertThat(seen).contains(SwarmState.DOCKER_DOWN + " " + EngineFault.PERMISSION_DENIED);
        }
    }

    private static boolean canDropPrivileges() throws InterruptedException {
        try {
            Engine.run("setpriv", "--version");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Looks once from a process of its own. */
    static final class Look {

        private Look() {}

        public static void main(String[] arguments) {
            try (DockerSwarmGateway gateway = new DockerSwarmGateway(URI.create(arguments[0]))) {
                SwarmSnapshot seen = SwarmClassifier.classify(gateway.observe(), 0);
                System.out.println(seen.state() + " " + seen.fault() + " " + seen.detail());
            }
        }
    }

    private static void awaitState(
            Engine engine, DockerSwarmGateway gateway, SwarmState state, AtomicReference<SwarmSnapshot> seen) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    assertThat(engine.isAlive()).as(engine.log()).isTrue();
                    seen.set(SwarmClassifier.classify(gateway.observe(), System.nanoTime()));
                    assertThat(seen.get().state()).as(seen.get().detail()).isEqualTo(state);
                });
    }
}
