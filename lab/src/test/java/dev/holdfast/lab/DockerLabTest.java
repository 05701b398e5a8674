package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Real engines in the lab, without an agent: what the tests of healing count must be counted right. */
@EndToEnd
class DockerLabTest {
    @Test
    @ResourceLock("engines")
    void countsForceCallsAndKeepsItsDataOverARestart(Lab lab) {
        Dockerd a = Dockerd.launch(lab.host("a"), lab);
        Dockerd b = Dockerd.launch(lab.host("b"), lab);
        a.awaitReady();
        b.awaitReady();
        Swarm.ofManagers(List.of(a, b));
        assertThat(Swarm.nodes(a)).extracting(Swarm.Node::name).containsExactlyInAnyOrder("a", "b");
        Swarm.createSecret(a, "password", "1234");
        Swarm.createService(a, "web", 1);
        assertThat(Swarm.leads(a)).isTrue();
        assertThat(Swarm.nodes(b))
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.role()).isEqualTo("manager"));
        assertThat(a.forceCalls()).isZero();
        assertThat(a.changingCalls()).anySatisfy(call -> assertThat(call).endsWith("/services/create"));
        assertThat(b.changingCalls()).noneMatch(call -> call.endsWith("/services/create"));

        b.pause();
        Await.until(
                "a to lose its quorum",
                Duration.ofSeconds(60),
                () -> Swarm.nodes(a).isEmpty());
        a.docker(
                "swarm",
                "init",
                "--force-new-cluster",
                "--advertise-addr",
                a.host().address());
        assertThat(a.forceCalls()).isOne();
        assertThat(Swarm.secrets(a)).containsExactly("password");
        a.restart(lab);
        assertThat(Swarm.services(a)).containsExactly("web");
    }
}
