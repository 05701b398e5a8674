package dev.holdfast.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The lab itself, with keepalived against keepalived: what it measures of others must be true before we use it on us. */
@EndToEnd
class LabTest {
    private static final String VIP = "10.77.0.100";

    private static String keepalived(int priority) {
        return """
                vrrp_instance VI_1 {
                    state BACKUP
                    interface eth0
                    virtual_router_id 51
                    priority %d
                    advert_int 0.1
                    version 3
                    virtual_ipaddress {
                        %s/24
                    }
                }
                """.formatted(priority, VIP);
    }

    @Test
    void measuresATakeOverAndAGiveBack(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        Host client = lab.host("client");
        Sniffer sniffer = lab.sniff();
        VipWatch watch = lab.watch(VIP);
        Keepalived.start(a, keepalived(200));
        Keepalived.start(b, keepalived(100));
        lab.awaitSoleHolder(a, VIP, Duration.ofSeconds(5));
        Probe probe = new Probe(client, VIP, List.of(a, b));
        lab.closeWithLab(probe);
        Await.until(
                "answers from a", Duration.ofSeconds(5), () -> probe.answering().equals(Optional.of("a")));

        Instant cut = a.link().cut();
        Instant taken = watch.awaitTakenBy(b, cut, Duration.ofSeconds(5));
        Await.until(
                "answers from b", Duration.ofSeconds(5), () -> probe.answering().equals(Optional.of("b")));
        assertThat(client.neighbour(VIP)).contains(b.mac());
        assertThat(lab.holders(VIP)).containsExactly(a, b);

        Instant lastAdvert = sniffer.lastAdvertOf(a).orElseThrow().at();
        // Three intervals and a skew of 156/256 of one.
        assertThat(Duration.between(lastAdvert, taken)).isBetween(Duration.ofMillis(355), Duration.ofMillis(611));
        Probe.Gap gap = probe.longestGapSince(cut.minusMillis(500));
        assertThat(gap.length()).isBetween(Duration.ofMillis(250), Duration.ofMillis(700));
        assertThat(gap.before()).contains("a");
        assertThat(gap.after()).contains("b");

        Instant mended = a.link().mend();
        lab.awaitSoleHolder(a, VIP, Duration.ofSeconds(5));
        assertThat(watch.longestOverlapSince(mended)).isLessThan(Duration.ofMillis(350));
        assertThat(sniffer.arps())
                .anySatisfy(
                        arp -> assertThat(arp.isGratuitous() && arp.sourceMac().equals(b.mac()))
                                .isTrue());
    }

    @Test
    void leavesNothingBehind() throws IOException {
        Lab lab = Lab.create();
        Host a = lab.host("a");
        LabProcess process = a.start("sleeper", "sh", "-c", "sleep 1000 & sleep 1000");
        lab.close();
        // It is dead; Java may hear of that a moment later.
        process.awaitExit(Duration.ofSeconds(10));
        assertThat(lab.folder()).doesNotExist();
        try (var namespaces = Files.list(Path.of("/run/netns"))) {
            assertThat(namespaces.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("hf-" + lab.id()));
        }
        lab.close();
    }

    @Test
    void removesWhatADeadLabLeftAndNothingOfALivingOne(Lab living) throws IOException {
        Host host = living.host("a");
        Path dead = Files.createDirectory(living.folder().resolveSibling("holdfast-lab-dead" + living.id()));
        // A process id that lives, with a start time that is not its own: the id was used again.
        Files.writeString(dead.resolve("owner"), ProcessHandle.current().pid() + " 1 test\n");
        Lab.create().close();
        assertThat(dead).doesNotExist();
        assertThat(host.exec("ip", "-br", "addr")).contains(host.address());
    }

    @Test
    void tellsASilentCutFromALoudOne(Lab lab) {
        Host a = lab.host("a");
        Host b = lab.host("b");
        assertThat(a.succeeds("ping", "-c1", "-W1", b.address())).isTrue();
        a.link().cut();
        assertThat(a.exec("cat", "/proc/net/dev")).contains("eth0");
        assertThat(a.exec("ip", "link", "show", "eth0")).contains("LOWER_UP");
        assertThat(a.succeeds("ping", "-c1", "-W1", b.address())).isFalse();
        a.link().mend();
        assertThat(a.succeeds("ping", "-c1", "-W1", b.address())).isTrue();
        a.link().unplug();
        assertThat(a.exec("ip", "link", "show", "eth0")).contains("NO-CARRIER");
        a.link().plug();
        assertThat(a.succeeds("ping", "-c3", "-W1", b.address())).isTrue();
    }

    @Test
    void saysWhatItWaitedFor() {
        assertThatThrownBy(() -> Await.until("the end of time", Duration.ofMillis(20), () -> false))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("waited 20 ms in vain for the end of time");
    }
}
