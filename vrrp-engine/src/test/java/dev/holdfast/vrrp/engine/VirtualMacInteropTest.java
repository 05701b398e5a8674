package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.vrrp.fsm.VrrpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The virtual MAC beside a keepalived with {@code use_vmac}. Ours is host 11, keepalived's host 12, host 13 a neighbour. */
@Timeout(180)
class VirtualMacInteropTest extends TwoEngines {
    private static final Path KEEPALIVED = Path.of("/usr/sbin/keepalived");
    private static final Duration LONG = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    /** One way to speak VRRP, as both sides are told. */
    record Dialect(
            String name, UnaryOperator<SpecBuilder> ours, String keepalived, String vip, String link, String mac) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Dialect> dialects() {
        String ipv4 = "10.77.0.100";
        String mac = "00:00:5e:00:01:33";
        return Stream.of(
                new Dialect(
                        "version 2",
                        SpecBuilder::virtualMac,
                        "version 2\nadvert_int 1\nuse_vmac",
                        ipv4,
                        "vrrp.51",
                        mac),
                new Dialect(
                        "version 3",
                        s -> s.v3(TENTH).virtualMac(),
                        "version 3\nadvert_int 0.1\nuse_vmac",
                        ipv4,
                        "vrrp.51",
                        mac),
                new Dialect(
                        // It hears adverts on its own interface, and there none with the virtual MAC.
                        "version 3, adverts from the base",
                        s -> s.v3(TENTH).virtualMac(VirtualMac.Transmit.BASE),
                        "version 3\nadvert_int 0.1\nuse_vmac\nvmac_xmit_base",
                        ipv4,
                        "vrrp.51",
                        mac),
                new Dialect(
                        "version 3 over IPv6",
                        s -> s.ipv6(TENTH).virtualMac(),
                        "version 3\nnative_ipv6\nadvert_int 0.1\nuse_vmac vrrp6.51",
                        "fd00:77::100",
                        "vrrp6.51",
                        "00:00:5e:00:02:33"));
    }

    @Override
    void prepare(TestNet hosts) {
        assumeTrue(Files.isExecutable(KEEPALIVED), "needs keepalived");
        hosts.enableIpv6(11, 12, 13);
        // keepalived leaves this to the operator; without it, its host asks with the virtual address and its own MAC.
        hosts.on(12, "sysctl -qw net.ipv4.conf.eth0.arp_announce=2");
    }

    private Process startKeepalived(Dialect dialect, int priority) throws IOException {
        Path file = folder.resolve("keepalived.conf");
        Files.writeString(file, """
                vrrp_instance VI_1 {
                  state BACKUP
                  interface eth0
                  virtual_router_id 51
                  priority %d
                  %s
                  virtual_ipaddress {
                    %s
                  }
                }
                """.formatted(
                priority, dialect.keepalived(), dialect.vip() + (dialect.vip().contains(":") ? "/64" : "/24")));
        return net.start(
                12,
                folder.resolve("keepalived.log"),
                KEEPALIVED.toString(),
                "-n",
                "-l",
                "-P",
                "-f",
                file.toString(),
                "-p",
                folder.resolve("main.pid").toString(),
                "-r",
                folder.resolve("vrrp.pid").toString());
    }

    private boolean holds(int host, Dialect dialect) {
        return net.on(host, "ip -o addr show")
                .lines()
                .anyMatch(l -> l.contains(": " + dialect.link() + " ") && l.contains(" " + dialect.vip() + "/"));
    }

    private void ping(Dialect dialect) {
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> net.on(13, "ping -c 1 -W 1 " + dialect.vip()));
    }

    private Path monitorNeighbours() throws IOException {
        Path output = folder.resolve("neighbours");
        net.start(13, output, "ip", "monitor", "neigh");
        return output;
    }

    private static void assertNeverAnother(Path neighbours, Dialect dialect) throws IOException {
        assertThat(Files.readString(neighbours).lines())
                .filteredOn(line -> line.startsWith(dialect.vip() + " ") && line.contains("lladdr"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("lladdr " + dialect.mac()));
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void takesOverFromKeepalivedWithTheSameMac(Dialect dialect) throws IOException {
        Process keepalived = startKeepalived(dialect, 150);
        await().atMost(LONG).until(() -> holds(12, dialect));
        one.apply(List.of(dialect.ours().apply(spec().priority(100)).build())).join();
        await().atMost(LONG).until(() -> status(one).advertsReceived() > 2);
        assertThat(status(one).state()).isEqualTo(VrrpState.BACKUP);
        Path neighbours = monitorNeighbours();
        ping(dialect);

        net.cut(12, true);
        awaitState(one, VrrpState.MASTER);
        ping(dialect);
        net.cut(12, false);
        awaitState(one, VrrpState.BACKUP);
        await().atMost(LONG).until(() -> net.whereIs(dialect.mac()) == 12);
        ping(dialect);
        keepalived.destroy();
        awaitState(one, VrrpState.MASTER);
        ping(dialect);
        await().atMost(LONG).until(() -> net.whereIs(dialect.mac()) == 11);
        assertNeverAnother(neighbours, dialect);
        assertThat(status(one).rejected()).isEmpty();
        assertThat(first.troubles).isEmpty();
        assertThat(first.conflicts).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void keepalivedObeysAndTakesOverWithTheSameMac(Dialect dialect) throws IOException {
        one.apply(List.of(dialect.ours().apply(spec().priority(150)).build())).join();
        awaitState(one, VrrpState.MASTER);
        startKeepalived(dialect, 100);
        await().atMost(LONG)
                .until(() -> Files.readString(folder.resolve("keepalived.log")).contains("Entering BACKUP STATE"));
        // A keepalived that did not hear our adverts would take the role within four intervals.
        await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
        assertThat(Files.readString(folder.resolve("keepalived.log"))).doesNotContain("MASTER STATE");
        Path neighbours = monitorNeighbours();
        ping(dialect);

        one.apply(List.of()).join();
        await().atMost(LONG).until(() -> holds(12, dialect));
        ping(dialect);
        await().atMost(LONG).until(() -> net.whereIs(dialect.mac()) == 12);

        one.apply(List.of(dialect.ours().apply(spec().priority(150)).build())).join();
        awaitState(one, VrrpState.MASTER);
        await().atMost(LONG).until(() -> !holds(12, dialect));
        ping(dialect);
        await().atMost(LONG).until(() -> net.whereIs(dialect.mac()) == 11);
        assertNeverAnother(neighbours, dialect);
        assertThat(status(one).rejected()).isEmpty();
    }
}
