package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The first configuration on real hosts: what {@code holdfast init} finds there, and that the one file serves them all. */
@EndToEnd
class InitTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static Command.Output init(Host host, Path file, String... more) {
        List<String> command =
                new ArrayList<>(List.of(AgentProcess.executable().toString(), "init", "--output", file.toString()));
        command.addAll(List.of(more));
        return host.run(command.toArray(String[]::new));
    }

    @Test
    void oneFileServesThreeHosts(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host c = lab.host("c");
        Path file = a.folder().resolve("first.conf");

        Command.Output written = init(a, file, "--vip", Router.VIP, "--nodes", "a,b,c");
        assertThat(written.exit()).as(written.err()).isZero();
        // This machine is none of the three; the file is told by the name it has in the end.
        assertThat(written.err()).contains("warning: " + file + ":").doesNotContain(".holdfast");
        assertThat(written.out()).contains("copy it to the other nodes");
        String text = a.read("first.conf");
        assertThat(text)
                .contains("interface = \"" + a.interfaceName() + "\"")
                .contains("addresses = [\"" + Router.VIP + "/24\"]");

        Command.Output again = init(a, file, "--vip", Router.VIP);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("--force");
        assertThat(a.read("first.conf")).isEqualTo(text);

        // Hosts of the lab share the machine's name.
        List<AgentProcess> agents = new ArrayList<>();
        for (Host host : List.of(c, b, a)) {
            agents.add(AgentProcess.start(host, text + "holdfast.node = " + host.name() + "\n"));
        }
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        assertThat(agents.stream()
                        .map(agent -> agent.status().at("/instances/0/priority").asInt()))
                .containsExactly(80, 90, 100);

        // Now that somebody speaks with the usual id, another one is proposed.
        Command.Output alone = init(b, b.folder().resolve("second.conf"), "--vip", "10.77.0.200");
        assertThat(alone.exit()).isZero();
        // Copied as it is, all nodes would have the same priority.
        assertThat(alone.out()).contains("priorities name this node alone");
        assertThat(b.read("second.conf")).contains("virtual-router-id = 52");
    }

    @Test
    @ResourceLock("engines")
    void itFindsTheNodesOfTheSwarm(Lab lab) {
        Dockerd engine = Dockerd.launch(lab.host("a"), lab);
        engine.awaitReady();
        Swarm.ofManagers(List.of(engine));
        Host host = engine.host();
        Command.Output printed = host.run(
                "env",
                "DOCKER_HOST=" + engine.url(),
                AgentProcess.executable().toString(),
                "init",
                "--vip",
                Router.VIP,
                "--output",
                "-");
        assertThat(printed.exit()).as(printed.err()).isZero();
        assertThat(printed.out())
                .contains("\"" + Swarm.nodes(engine).getFirst().name() + "\" = 100")
                .contains("track.swarm = on")
                .contains("#unicast.peers = [\"" + host.address() + "\"]")
                .contains("witnesses = ");
    }
}
