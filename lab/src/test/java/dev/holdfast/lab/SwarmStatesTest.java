package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Where there is no engine to speak of, the agent names it and the VIP does not care. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class SwarmStatesTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    /** A whole configuration with healing against that engine. */
    static String config(Host host, int priority, String dockerHost, String inSwarm) {
        return """
                holdfast {
                  node = %s
                  %s
                  swarm {
                    enabled = true
                    docker-host = "%s"
                    heal { policy = guarded, hold = 5s, backoff { min = 1s, max = 5s } }
                    %s
                  }
                }
                """.formatted(
                        host.name(), Router.of(Mode.V3_FAST, priority).vrrpSection(host, "", ""), dockerHost, inSwarm);
    }

    private static void refusesToHeal(Lab lab, Host host, String dockerHost, String refusal) {
        AgentProcess agent = AgentProcess.start(host, config(host, 200, dockerHost, ""));
        lab.awaitSoleHolder(host, Router.VIP, SOON);
        agent.awaitSwarmState("DOCKER_DOWN", SOON);
        agent.awaitRefusal(refusal, SOON);
        assertThat(agent.forceCalls()).isZero();
        assertThat(agent.status().toString()).contains("DOCKER_DOWN", refusal);
        agent.process().awaitLine("DOCKER_DOWN", SOON);
        agent.process().awaitLine(refusal, SOON);
        assertThat(agent.log()).doesNotContain("\tat ");
        // Not at once: on a busy machine it may have slept for longer than its Master_Down, and then listens first.
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        lab.awaitSoleHolder(host, Router.VIP, SOON);
    }

    @Test
    void anEngineThatIsNotInstalledIsDown(Lab lab) {
        Host a = lab.host("a");
        refusesToHeal(lab, a, "unix://" + a.folder() + "/nowhere.sock", "engine-down");
    }

    @Test
    void aSocketThatNobodyServesIsDown(Lab lab) throws IOException {
        Host a = lab.host("a");
        Path socket = deadSocket(a);
        refusesToHeal(lab, a, "unix://" + socket, "engine-down");
    }

    /** A socket file without a listener: what a killed engine leaves. */
    private static Path deadSocket(Host host) throws IOException {
        Path socket = host.folder().resolve("dead.sock");
        try (var server = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            server.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
        assertThat(Files.exists(socket)).isTrue();
        return socket;
    }

    @Test
    void aPathThatIsNoSocketIsDown(Lab lab) throws IOException {
        Host a = lab.host("a");
        Path folder = Files.createDirectory(a.folder().resolve("folder.sock"));
        refusesToHeal(lab, a, "unix://" + folder, "engine-down");
    }

    @Test
    void aSocketThatMayNotBeUsedIsNamedSo(Lab lab) throws IOException {
        Host a = lab.host("a");
        Path socket = deadSocket(a);
        a.exec("chown", "nobody", socket.toString());
        a.exec("chmod", "000", socket.toString());
        LabProcess agent = a.start(
                "hardened",
                "setpriv",
                // Root ignores file modes unless it has lost that power, as in a hardened service unit. What it may do
                // is read: a clone can be in a home that is closed to others.
                "--bounding-set=-all,+net_raw,+net_admin,+sys_nice,+dac_read_search",
                AgentProcess.executable().toString(),
                "run",
                "-c",
                a.write("holdfast.conf", config(a, 200, "unix://" + socket, "")).toString(),
                "--run-dir",
                a.folder().resolve("run").toString(),
                "--state-dir",
                a.folder().resolve("state").toString());
        agent.awaitLine("socket-not-permitted", SOON);
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        assertThat(agent.log()).doesNotContain("\tat ");
    }
}
