package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Fresh hosts with the same secret become one Swarm, and stay one. */
@EndToEnd
@Order(2)
@ResourceLock("engines")
class BootstrapTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration JOINED = Duration.ofMinutes(3);

    private static AgentProcess agent(List<Dockerd> engines, Dockerd engine, int priority) {
        Host host = engine.host();
        Path secret = host.writeSecret("peers", "a secret of more than thirty-two bytes\n");
        String agents =
                engines.stream().map(each -> '"' + each.host().address() + '"').collect(Collectors.joining(", "));
        return AgentProcess.start(host, """
                holdfast {
                  node = %s
                  %s
                  peers { agents = [%s], secret { file = "%s" } }
                  swarm { docker-host = "%s", bootstrap = true, managers { target = 3, mode = on } }
                }
                """.formatted(
                        host.name(),
                        // Before its first Swarm a host must not be at fault for being in none.
                        Router.of(Mode.V3_FAST, priority).vrrpSection(host, "track.swarm = on", ""),
                        agents,
                        secret,
                        engine.url()));
    }

    private static String cluster(Dockerd engine) {
        return engine.get("/info").at("/Swarm/Cluster/ID").asText("");
    }

    private static long inits(List<Dockerd> engines) {
        return engines.stream()
                .flatMap(engine -> engine.changingCalls().stream())
                .filter(call -> call.endsWith("/swarm/init"))
                .count();
    }

    @Test
    void fourFreshHostsBecomeOneSwarmAndNoLaterMasterMakesAnother(Lab lab) {
        lab.gateway();
        List<Dockerd> engines = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            engines.add(Dockerd.launch(lab.host(name), lab));
        }
        engines.forEach(Dockerd::awaitReady);
        Dockerd first = engines.getFirst();
        Dockerd last = engines.getLast();

        // As long as one of the four is not heard there could be a Swarm on it, so there is none yet.
        List<AgentProcess> agents = new ArrayList<>();
        for (int index = 0; index < 3; index++) {
            agents.add(agent(engines, engines.get(index), 200 - 10 * index));
        }
        lab.awaitSoleHolder(first.host(), Router.VIP, SOON);
        agents.getFirst().process().awaitLine("waiting-for-agents", SOON);
        Await.until(
                "the status to name the one that is missing",
                SOON,
                () -> agents.getFirst()
                        .command("heal", "status")
                        .contains(last.host().address()));
        assertThat(inits(engines)).isZero();

        agents.add(agent(engines, last, 100));
        Await.until("three managers and a worker", JOINED, () -> {
            List<Swarm.Node> nodes = Swarm.nodes(first);
            return nodes.size() == 4
                    && nodes.stream().filter(Swarm.Node::reachableManager).count() == 3;
        });
        assertThat(Swarm.leads(first)).isTrue();
        assertThat(inits(engines)).isOne();
        assertThat(Swarm.nodes(first).stream()
                        .filter(node -> !node.reachableManager())
                        .map(Swarm.Node::role))
                .containsExactly("worker");
        String cluster = cluster(first);
        assertThat(cluster).isNotEmpty();

        // Another MASTER, also after its agent began anew, finds the Swarm and leaves it as it is.
        agents.getFirst().terminate();
        lab.awaitSoleHolder(engines.get(1).host(), Router.VIP, SOON);
        agents.get(1).restart();
        lab.awaitSoleHolder(engines.get(1).host(), Router.VIP, SOON);
        // Whoever was last to join is the worker, this one as well as another.
        agents.get(1).awaitSwarmState(cluster(engines.get(1)).isEmpty() ? "WORKER" : "HAS_LEADER", SOON);

        // Taken out on purpose, and so left out.
        Dockerd worker = engines.stream()
                .filter(engine -> cluster(engine).isEmpty())
                .findFirst()
                .orElseThrow();
        AgentProcess besideWorker = agents.get(engines.indexOf(worker));
        // What it never saw itself in, it can't know to have been taken out of.
        besideWorker.awaitSwarmState("WORKER", SOON);
        worker.docker("swarm", "leave");
        besideWorker.awaitSwarmState("INACTIVE", SOON);
        Await.until(
                "its agent to know that this was on purpose",
                SOON,
                () -> besideWorker.status().toString().contains("on-purpose"));
        assertThat(Swarm.nodes(first)).hasSize(4);
        assertThat(engines.stream().map(BootstrapTest::cluster).filter(id -> !id.isEmpty()))
                .containsOnly(cluster);
        assertThat(inits(engines)).isOne();
        assertThat(engines.stream().mapToLong(Dockerd::forceCalls).sum()).isZero();
    }
}
