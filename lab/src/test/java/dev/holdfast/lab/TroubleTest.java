package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.Router.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever the host or the network does to it, the agent says what is wrong and goes on. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class TroubleTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void anInterfaceMayAppearLaterAndVanish(Lab lab) {
        Host a = lab.host("a");
        AgentProcess agent = AgentProcess.start(
                a, Router.of(Mode.V3_FAST, 200).holdfast(a).replace("interface = eth0", "interface = eth9"));
        agent.awaitVrrpState(Router.INSTANCE, "FAULT", SOON);
        assertThat(agent.process()
                        .awaitLine("(VI_1) Entering FAULT STATE", SOON)
                        .text())
                .contains("eth9");

        Link late = a.attach("eth9", "10.77.0.55/24");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);

        late.remove();
        agent.awaitVrrpState(Router.INSTANCE, "FAULT", SOON);
        assertThat(agent.process().isAlive()).isTrue();

        a.attach("eth9", "10.77.0.55/24");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
    }

    @Test
    void aCableThatIsPulledMovesTheAddressAndPluggedAgainGivesItBack(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        AgentProcess agentA = AgentProcess.start(a, Router.of(Mode.V3_FAST, 200).holdfast(a));
        AgentProcess.start(b, Router.of(Mode.V3_FAST, 100).holdfast(b));
        lab.awaitSoleHolder(a, Router.VIP, SOON);

        a.link().unplug();
        lab.awaitSoleHolder(b, Router.VIP, SOON);
        agentA.awaitVrrpState(Router.INSTANCE, "FAULT", SOON);

        a.link().plug();
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agentA.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);
    }

    @Test
    void anAdministratorTakesTheInterfaceDownAndUp(Lab lab) {
        Host a = lab.host("a");
        AgentProcess agent = AgentProcess.start(a, Router.of(Mode.V3_FAST, 200).holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        a.exec("ip", "link", "set", "eth0", "down");
        agent.awaitVrrpState(Router.INSTANCE, "FAULT", SOON);
        assertThat(a.holds(Router.VIP)).isFalse();
        a.exec("ip", "link", "set", "eth0", "up");
        lab.awaitSoleHolder(a, Router.VIP, SOON);
    }

    @Test
    void randomAndTruncatedPacketsAreCountedAndRefused(Lab lab) {
        Host a = lab.host("a");
        Host stranger = lab.host("stranger");
        VipWatch watch = lab.watch(Router.VIP);
        AgentProcess agent = AgentProcess.start(a, Router.of(Mode.V2_PASS, 200).holdfast(a));
        lab.awaitSoleHolder(a, Router.VIP, SOON);
        agent.awaitVrrpState(Router.INSTANCE, "MASTER", SOON);

        Random random = new Random(20260101);
        int packets = 2_000;
        try (RawVrrp raw = RawVrrp.open(stranger)) {
            for (int i = 0; i < packets; i++) {
                byte[] packet = new byte[random.nextInt(64)];
                random.nextBytes(packet);
                if (packet.length > 1 && random.nextBoolean()) {
                    // Half of them get past the first checks, to reach the later ones.
                    packet[0] = 0x21;
                    packet[1] = 51;
                }
                raw.send(packet, random.nextInt(4) == 0 ? 64 : 255);
            }
        }
        // Those with a virtual router id that nobody runs here belong to no instance.
        Await.until(
                "refusals to be counted",
                SOON,
                () -> agent.metric("holdfast_vrrp_rejected_total") + agent.metric("holdfast_vrrp_stray_rejected_total")
                        >= packets * 0.95);
        for (String reason : List.of("ttl", "version", "type", "length")) {
            assertThat(agent.metric("holdfast_vrrp_rejected_total", "reason", reason))
                    .as(reason)
                    .isPositive();
        }
        for (String reason : List.of("truncated", "unknown_vrid")) {
            assertThat(agent.metric("holdfast_vrrp_stray_rejected_total", "reason", reason))
                    .as(reason)
                    .isPositive();
        }
        assertThat(agent.vrrpState(Router.INSTANCE)).isEqualTo("MASTER");
        assertThat(watch.holdings()).hasSize(1);
        assertThat(agent.log().lines().count())
                .as("refusals do not flood the log")
                .isLessThan(300);
        assertThat(agent.log()).doesNotContain("1161");
    }

    @Test
    void withoutPrivilegesItSaysWhatItNeeds(Lab lab) {
        Host a = lab.host("a");
        a.write("holdfast.conf", Router.of(Mode.V3_FAST, 200).holdfast(a));
        LabProcess unprivileged = a.start(
                "unprivileged",
                "setpriv",
                // What it may do is read: a clone can be in a home that is closed to others.
                "--bounding-set=-all,+dac_read_search",
                "--inh-caps=-all",
                AgentProcess.executable().toString(),
                "run",
                "-c",
                a.folder().resolve("holdfast.conf").toString(),
                "--run-dir",
                a.folder().resolve("run").toString(),
                "--state-dir",
                a.folder().resolve("state").toString());
        assertThat(unprivileged.awaitExit(SOON)).isOne();
        assertThat(unprivileged.log()).contains("CAP_NET_RAW").doesNotContain("\tat ");
    }

    @Test
    void aMissingConfigurationFileIsNamed(Lab lab) {
        Host a = lab.host("a");
        LabProcess process =
                a.start("missing", AgentProcess.executable().toString(), "run", "-c", a.folder() + "/nowhere.conf");
        assertThat(process.awaitExit(SOON)).isEqualTo(3);
        assertThat(process.log()).contains("nowhere.conf").doesNotContain("\tat ");
    }

    @Test
    void aWrongConfigurationIsRefusedWithAllItsFaults(Lab lab) {
        Host a = lab.host("a");
        AgentProcess agent = AgentProcess.launch(
                a,
                Router.of(Mode.V3_FAST, 200)
                        .holdfast(a)
                        .replace("priority = 200", "priority = 0")
                        .replace("virtual-router-id = 51", "virtual-router-id = 300"));
        assertThat(agent.process().awaitExit(SOON)).isEqualTo(3);
        assertThat(agent.log()).contains("priority", "virtual-router-id", "300", "1..255", "holdfast.conf");
        assertThat(a.holds(Router.VIP)).isFalse();
    }
}
