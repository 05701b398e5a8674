package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The agent as a process: its end, its trackers and hooks, its reload. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class AgentTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static AgentProcess start(Host host, int priority) {
        return AgentProcess.start(host, Router.of(Mode.V3_FAST, priority).holdfast(host));
    }

    @Test
    void sigtermHandsTheAddressOver(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host client = lab.host("client");
        Sniffer sniffer = lab.sniff();
        VipWatch watch = lab.watch(Router.VIP);
        AgentProcess agentA =
                AgentProcess.start(a, Router.of(Mode.V2_MULTICAST, 200).holdfast(a));
        AgentProcess agentB =
                AgentProcess.start(b, Router.of(Mode.V2_MULTICAST, 100).holdfast(b));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agentA.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        agentB.awaitVrrpState(Router.INSTANCE, "BACKUP", SOON);
        Probe probe = new Probe(client, Router.VIP, List.of(a, b));
        lab.closeWithLab(probe);
        Await.until("answers from a", SOON, () -> probe.answering().equals(Optional.of("a")));

        Instant before = Instant.now();
        assertThat(agentA.terminate()).isZero();
        Instant taken = watch.awaitTakenBy(b, before, SOON);
        assertThat(a.holds(Router.VIP)).isFalse();
        assertThat(agentA.process().isAlive()).isFalse();
        Instant resigned = sniffer.adverts().stream()
                .filter(advert -> advert.source().equals(a.address()) && advert.priority() == 0)
                .findFirst()
                .orElseThrow()
                .at();
        // Skew_Time alone, not Master_Down_Interval: the advert with priority 0 says that nobody need be waited for.
        assertThat(Duration.between(resigned, taken))
                .isBetween(
                        Duration.ofMillis(Mode.V2_MULTICAST.skewMillis(100) - 20),
                        Duration.ofMillis(Mode.V2_MULTICAST.skewMillis(100) + 250));
        assertThat(watch.longestOverlapSince(before))
                .as("a waits for b's announcement and then for a moment more")
                .isLessThan(Duration.ofMillis(700));
        Await.until("answers from b", SOON, () -> probe.answering().equals(Optional.of("b")));
        assertThat(probe.longestGapSince(before).length()).isLessThan(Duration.ofMillis(250));
        Await.until("b's state file", SOON, () -> agentB.stateFile().contains("INSTANCE VI_1 MASTER 100"));
        agentB.process().awaitLine("(VI_1) Entering MASTER STATE", SOON);
    }

    @Test
    void theStatusIsServedEverywhereTheContractSays(Lab lab) {
        Host a = lab.host("a");
        AgentProcess agent = start(a, 200);
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
        assertThat(agent.httpStatus("/healthz")).isEqualTo(200);
        assertThat(agent.httpStatus("/readyz")).isEqualTo(200);
        assertThat(agent.status().toString()).contains("VI_1", "MASTER", Router.VIP);
        assertThat(agent.command("status")).contains("VI_1", "MASTER");
        assertThat(agent.command("status", "--json")).contains("VI_1", "MASTER");
        Await.until("the state file", SOON, () -> agent.stateFile().contains("INSTANCE VI_1 MASTER 200"));
        assertThat(agent.metric("holdfast_vrrp_transitions_total", "instance", "VI_1", "to", "MASTER"))
                .isOne();
        double sent = agent.metric("holdfast_vrrp_adverts_sent_total");
        Await.until("adverts to be counted", SOON, () -> agent.metric("holdfast_vrrp_adverts_sent_total") > sent);
    }

    @Test
    void aFailingScriptOfWeightZeroGivesFaultAndReleases(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        VipWatch watch = lab.watch(Router.VIP);
        Path healthy = a.write("healthy", "");
        AgentProcess agentA = startTracked(a, 200, healthy, 0);
        start(b, 100);
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        Instant before = delete(healthy);
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        assertThat(agentA.vrrpState(Router.INSTANCE)).isEqualTo("FAULT");
        agentA.process().awaitLine("(VI_1) Entering FAULT STATE", SOON);
        assertThat(watch.longestOverlapSince(before)).isLessThan(Duration.ofMillis(20));

        a.write("healthy", "");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        assertThat(agentA.vrrpState(Router.INSTANCE)).isEqualTo("MASTER");
    }

    @Test
    void aTrackedInterfaceWithoutItsLinkGivesFaultAtOnceAndComesBack(Lab lab) {
        Host a = lab.host("a");
        a.exec("ip", "link", "add", "uplink", "type", "veth", "peer", "name", "far");
        a.exec("ip", "link", "set", "uplink", "up");
        a.exec("ip", "link", "set", "far", "up");
        AgentProcess agent = AgentProcess.start(
                a, Router.of(Router.Mode.V3_FAST, 200).holdfast(a, "track { interfaces = [uplink] }", ""));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        VipWatch watch = lab.watch(Router.VIP);

        Instant pulled = Instant.now();
        a.exec("ip", "link", "set", "far", "down");
        agent.awaitVrrpState(Router.INSTANCE, "FAULT", SOON);
        assertThat(watch.holdings().getLast().to())
                .hasValueSatisfying(
                        gone -> assertThat(Duration.between(pulled, gone)).isLessThan(Duration.ofMillis(400)));
        agent.process().awaitLine("Interface uplink is DOWN: no carrier", SOON);
        a.exec("ip", "link", "set", "far", "up");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        a.exec("ip", "link", "delete", "uplink");
        agent.awaitVrrpState(Router.INSTANCE, "FAULT", SOON);
        Await.until(
                "the status to say so", SOON, () -> agent.status().toString().contains("no such interface"));
    }

    @Test
    void aFailingScriptOfNegativeWeightMovesTheAddress(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Sniffer sniffer = lab.sniff();
        Path healthy = a.write("healthy", "");
        AgentProcess agentA = startTracked(a, 200, healthy, -150);
        start(b, 100);
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        delete(healthy);
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        agentA.awaitVrrpState(Router.INSTANCE, "BACKUP", SOON);
        assertThat(sniffer.adverts().stream().filter(advert -> advert.source().equals(a.address())))
                .as("a says its lower priority before it gives way")
                .anyMatch(advert -> advert.priority() == 50);

        a.write("healthy", "");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
    }

    private static AgentProcess startTracked(Host host, int priority, Path healthy, int weight) {
        return AgentProcess.start(
                host,
                Router.of(Mode.V3_FAST, priority)
                        .holdfast(
                                host,
                                "track { scripts = [healthy] }",
                                "scripts.healthy { command = [\"/usr/bin/test\", \"-e\", \"%s\"], interval = 200ms, "
                                                .formatted(healthy)
                                        + "timeout = 2s, rise = 1, fall = 2, weight = %d, user = nobody }"
                                                .formatted(weight)));
    }

    private static Instant delete(Path file) {
        try {
            Files.delete(file);
            return Instant.now();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void hooksRunInOrderWithKeepalivedsArguments(Lab lab) {
        Host a = lab.host("a");
        Path notify = a.writeScript("notify.sh", "#!/bin/sh\necho \"$@\" >> " + a.folder() + "/notified\n");
        Path stop = a.writeScript("stop.sh", "#!/bin/sh\necho stop \"$@\" >> " + a.folder() + "/notified\n");
        AgentProcess agent = AgentProcess.start(
                a,
                Router.of(Mode.V3_FAST, 200)
                        .holdfast(a, "notify { any = [\"%s\"], stop = [\"%s\"] }".formatted(notify, stop), ""));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        Await.until("the hook of MASTER", SOON, () -> a.read("notified").contains("MASTER"));
        assertThat(agent.terminate()).isZero();
        assertThat(a.read("notified").lines())
                .containsSubsequence(
                        "INSTANCE VI_1 BACKUP 200", "INSTANCE VI_1 MASTER 200", "stop INSTANCE VI_1 STOP 200");
    }

    @Test
    void aReloadWithAnInvalidFileChangesNothing(Lab lab) {
        Host a = lab.host("a");
        VipWatch watch = lab.watch(Router.VIP);
        Router router = Router.of(Mode.V3_FAST, 150);
        AgentProcess agent = AgentProcess.start(a, router.holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);

        agent.reload(router.holdfast(a).replace("priority = 150", "priority = 1500"));
        Await.until(
                "the refusal in the log",
                SOON,
                () -> Pattern.compile("priority.*1500|1500.*priority")
                        .matcher(agent.log())
                        .find());
        agent.process().awaitLine("holdfast.conf", SOON);
        agent.process().awaitLine("1..255", SOON);
        assertThat(agent.vrrpState(Router.INSTANCE)).isEqualTo("MASTER");

        agent.reload("holdfast { this is not { a configuration");
        Await.until(
                "the second refusal",
                SOON,
                () -> agent.log()
                                .lines()
                                .filter(line -> line.contains("holdfast.conf"))
                                .count()
                        >= 2);
        assertThat(agent.process().isAlive()).isTrue();

        agent.reload(router.holdfast(a).replace("priority = 150", "priority = 180"));
        Await.until("the new priority", SOON, () -> agent.stateFile().contains("INSTANCE VI_1 MASTER 180"));
        assertThat(watch.holdings())
                .as("the address never moved")
                .hasSize(1)
                .allSatisfy(holding -> assertThat(holding.to()).isEmpty());
    }
}
