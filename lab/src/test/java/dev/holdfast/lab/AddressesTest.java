package dev.holdfast.lab;

import static dev.holdfast.lab.Rivals.SOON;
import static dev.holdfast.lab.Rivals.VIP_4;
import static dev.holdfast.lab.Rivals.VIP_6;
import static dev.holdfast.lab.Rivals.awaitSaid;
import static dev.holdfast.lab.Rivals.printed;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.lab.Rivals.Program;
import dev.holdfast.lab.Rivals.Rival;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What an agent sees to about its addresses: they end with it, nobody else has them, and they stay. */
@EndToEnd
@Execution(ExecutionMode.CONCURRENT)
class AddressesTest {
    @Test
    void nothingIsLeftOfAKilledMasterAfterFourSecondsAtOneAdvertASecond(Lab lab) {
        Host a = lab.host("a");
        List<VipWatch> watches = Rivals.VIPS.stream().map(lab::watch).toList();
        AgentProcess agent = AgentProcess.start(a, Rivals.holdfast(a, 200, Duration.ofSeconds(1)));
        Rivals.VIPS.forEach(vip -> lab.awaitSoleHolder(a, vip, SOON));
        // Long enough for an address that nobody renews to be gone.
        double sent = agent.metric("holdfast_vrrp_adverts_sent_total", "instance", "VI_4");
        Await.until(
                "six more adverts",
                SOON,
                () -> agent.metric("holdfast_vrrp_adverts_sent_total", "instance", "VI_4") >= sent + 6);
        assertThat(watches).allSatisfy(watch -> assertThat(watch.holdings()).hasSize(1));

        Instant killed = Instant.now();
        agent.process().kill();
        for (VipWatch watch : watches) {
            Await.until(
                    "the end of the address",
                    SOON,
                    () -> watch.holdings().getLast().to().isPresent());
            assertThat(Duration.between(killed, watch.holdings().getLast().to().orElseThrow()))
                    .isBetween(Duration.ofSeconds(1), Duration.ofMillis(4_500));
        }
        assertThat(a.addresses()).doesNotContainAnyElementsOf(Rivals.VIPS);
    }

    @Test
    void twoMastersThatDoNotHearEachOtherSayWhoTheOtherIsAndWhatToDo(Lab lab) {
        Rivals rivals = Rivals.start(lab, Program.HOLDFAST, Program.HOLDFAST);
        List<Rival> both = List.of(rivals.first(), rivals.second());
        int firstSaid = printed(rivals.first());
        int secondSaid = printed(rivals.second());
        for (Rival rival : both) {
            assertThat(conflicts(rival)).isEmpty();
            Firewall.drop(rival.host(), Firewall.Way.INPUT);
        }
        rivals.awaitHolders(rivals.both());
        for (Rival rival : both) {
            Rival other = rival == rivals.first() ? rivals.second() : rivals.first();
            String mac = other.host().mac();
            int said = rival == rivals.first() ? firstSaid : secondSaid;
            String advice = " is also held by " + mac
                    + " while this host is MASTER; look for a firewall that drops IP protocol 112 \\(VRRP\\)";
            awaitSaid(rival, said, "WARN +\\(VI_4\\) vip conflict: 10\\.77\\.0\\.100" + advice);
            awaitSaid(rival, said, "WARN +\\(VI_6\\) vip conflict: fd00:77::100" + advice);
            assertThat(conflicts(rival))
                    .allSatisfy(conflict -> {
                        assertThat(conflict.path("mac").asText()).isEqualTo(mac);
                        assertThat(conflict.path("advice").asText()).contains("firewall", "protocol 112");
                    })
                    .extracting(conflict -> conflict.path("address").asText())
                    .containsExactlyInAnyOrder(VIP_4, VIP_6);
            assertThat(rival.agent().command("status")).contains("vip conflict", mac, "protocol 112");
            assertThat(rival.agent().metric("holdfast_vrrp_vip_conflict", "instance", "VI_4"))
                    .isOne();
            assertThat(rival.agent().metric("holdfast_vrrp_vip_conflicts_total", "instance", "VI_4"))
                    .isOne();
        }

        Instant mended = Instant.now();
        both.forEach(rival -> Firewall.open(rival.host()));
        rivals.assertPeaceSince(mended);
        awaitSaid(rivals.second(), secondSaid, "\\(VI_4\\) vip conflict is over");
        awaitSaid(rivals.first(), firstSaid, "\\(VI_4\\) vip conflict is over");
        awaitSaid(rivals.first(), firstSaid, "\\(VI_6\\) vip conflict is over");
        for (Rival rival : both) {
            assertThat(conflicts(rival)).isEmpty();
            assertThat(rival.agent().metric("holdfast_vrrp_vip_conflict")).isZero();
        }
        rivals.leave();
    }

    private static List<JsonNode> conflicts(Rival rival) {
        return rival.agent()
                .status()
                .path("instances")
                .valueStream()
                .flatMap(instance -> instance.path("vipConflicts").valueStream())
                .toList();
    }

    @Test
    void whoeverRemovesAnAddressAgainAndAgainIsNamedAndDoesNotGetItsWay(Lab lab) throws IOException {
        Rivals rivals = Rivals.start(lab, Program.HOLDFAST, Program.HOLDFAST);
        Rival owner = rivals.first();
        Host host = owner.host();
        // A program that goes on running, as a network service does: ip with commands from a FIFO.
        Path commands = host.folder().resolve("commands");
        host.exec("mkfifo", commands.toString());
        LabProcess remover = host.start("remover", "ip", "-force", "-batch", commands.toString());
        int said = printed(owner);
        Instant struck = Instant.now();
        try (Writer writer = Files.newBufferedWriter(commands)) {
            for (int i = 0; i < 6; i++) {
                writer.write("addr del " + VIP_4 + "/24 dev eth0\n");
                writer.flush();
                int round = i;
                Await.until(
                        "the address to be put back",
                        SOON,
                        () -> rivals.holdings(VIP_4).size() > round + 1 && host.holds(VIP_4));
            }
            awaitSaid(
                    owner,
                    said,
                    "\\(VI_4\\) 10\\.77\\.0\\.100/24 vanished from eth0 while MASTER, removed by ip \\(process "
                            + remover.pid() + "\\); put back$");
            awaitSaid(owner, said, "it keeps vanishing, put back once a second");
        }
        rivals.assertUnmovedSince(struck, Duration.ofMillis(1_500));
        rivals.awaitHolders(Set.of(owner));
        assertThat(owner.agent().metric("holdfast_vrrp_transitions_total", "instance", "VI_4", "to", "MASTER"))
                .isOne();
        rivals.assertPeaceSince(struck);
        rivals.leave();
    }
}
