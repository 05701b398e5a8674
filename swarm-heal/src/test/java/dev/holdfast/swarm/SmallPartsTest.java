package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, witnesses, configuration values, and the files that keep the managers. */
class SmallPartsTest {

    private static final String ROUTES = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            wlan0\t00000000\t0102000A\t0003\t0\t0\t600\t00000000\t0\t0\t0
            eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0
            eth0\t0000000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
            eth1\t00000000\t0900000A\t0003\t0\t0\t10\t000000FF\t0\t0\t0
            eth2\t00000000\t0900000A\t0203\t0\t0\t1\t00000000\t0\t0\t0
            """;

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:2377, 10.0.0.1, 2377",
        "10.0.0.1, 10.0.0.1, 7",
        "[fd00::1]:4000, fd00::1, 4000",
        "[fd00::1], fd00::1, 7",
        "fd00::1, fd00::1, 7",
        "manager.example:1, manager.example, 1"
    })
    void anAddressIsRead(String text, String host, int port) {
        assertThat(Endpoint.parse(text, 7)).isEqualTo(new Endpoint(host, port));
        assertThat(Endpoint.parse(String.valueOf(Endpoint.parse(text, 7)), 9)).isEqualTo(new Endpoint(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0.0.0.0:2377",
                "[::]:2377",
                "10.0.0.1:",
                "10.0.0.1:x",
                "10.0.0.1:0",
                "a:70000",
                "[fd00::1"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(Endpoint.parse(text, 2377)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway",
                "10.0.0.1",
                "fd00:0:0:0:0:0:0:1",
                "tcp:10.0.0.1:53",
                "tcp:[fd00::1]:53",
                "tcp:dns.example:53"
            })
    void aWitnessIsReadAndWrittenBack(String text) {
        assertThat(Witness.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dns.example",
                "127.0.0.1",
                "0.0.0.0",
                "224.0.0.18",
                "tcp:10.0.0.1",
                "tcp:",
                "udp:10.0.0.1:53"
            })
    void whatIsNoWitnessIsNone(String text) {
        assertThat(Witness.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"observe, OBSERVE", "Guarded, GUARDED", "' eager ', EAGER", "quorum, QUORUM"})
    void aPolicyIsRead(String text, HealMode mode) {
        assertThat(HealMode.parse(text)).isEqualTo(mode);
        assertThat(HealMode.parse("brave")).isNull();
    }

    @Test
    void theGatewayWithTheLowestMetricIsTheDefault() {
        assertThat(RouteTable.ipv4Default(ROUTES)).contains(new DefaultRoute("eth0", Swarms.ip("10.0.0.1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Iface Destination Gateway",
                "eth0\t0000000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
                "eth0 00000000 XYZ 0003 0 0 0 00000000",
                "eth0 00000000 0100000A zz 0 0 0 00000000"
            })
    void withoutADefaultRouteThereIsNoGateway(String table) {
        assertThat(RouteTable.ipv4Default(table)).isEmpty();
        assertThat(RouteTable.ipv6Default(table)).isEmpty();
    }

    @Test
    void anIpv6GatewayIsFoundUnlessItIsLinkLocal() {
        String zeros = "0".repeat(32);
        String rest = " 00 " + zeros + " 00 %s 00000400 00000001 00000000 00000003 eth0\n";
        assertThat(RouteTable.ipv6Default(zeros + rest.formatted("fd000000000000000000000000000001")))
                .contains(new DefaultRoute("eth0", Swarms.ip("fd00::1")));
        assertThat(RouteTable.ipv6Default(zeros + rest.formatted("fe800000000000000000000000000001")))
                .isEmpty();
    }

    @Test
    void dockerHostComesFromTheConfigurationThenTheEnvironment() {
        Map<String, String> environment = Map.of("DOCKER_HOST", "tcp://10.0.0.9:2375");
        assertThat(SwarmConfig.dockerHost("unix:///x.sock", environment)).isEqualTo(URI.create("unix:///x.sock"));
        assertThat(SwarmConfig.dockerHost(null, environment)).isEqualTo(URI.create("tcp://10.0.0.9:2375"));
        assertThat(SwarmConfig.dockerHost("", Map.of())).isEqualTo(SwarmConfig.DEFAULT_DOCKER_HOST);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new SwarmConfig(true, URI.create("ssh://host"), null, HealConfig.defaults(), Set.of()))
                .withMessageContaining("unix:///PATH or tcp://HOST:PORT");
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        Duration one = Duration.ofSeconds(1);
        record Bad(
                Duration hold,
                Duration min,
                Duration max,
                int attempts,
                Duration cooldown,
                Duration grace,
                String key) {}
        for (Bad bad : List.of(
                new Bad(Duration.ZERO, one, one, 1, one, one, "hold"),
                new Bad(one, Duration.ZERO, one, 1, one, one, "backoff.min"),
                new Bad(one, one, Duration.ofMillis(1), 1, one, one, "backoff.max"),
                new Bad(one, one, one, 0, one, one, "max-attempts"),
                new Bad(one, one, one, 1, Duration.ofSeconds(-1), one, "cooldown"),
                new Bad(one, one, one, 1, one, Duration.ofSeconds(-1), "boot-grace"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new HealConfig(
                            HealMode.GUARDED,
                            bad.hold,
                            List.of(),
                            bad.min,
                            bad.max,
                            bad.attempts,
                            bad.cooldown,
                            bad.grace))
                    .withMessageStartingWith(bad.key);
        }
    }

    @ParameterizedTest
    @CsvSource({"3501.25 6800.11, 3501250", "0.00 0.00, 0", "12.5, 12500", "'', 0", "-1 2, 0", "NaN 1, 0", "x y, 0"})
    void theTimeSinceTheBootIsRead(String text, long millis) {
        assertThat(HostUptime.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void thisHostSaysWhenItBooted() {
        assertThat(HostUptime.ofThisHost().sinceBoot()).isPositive();
    }

    @Test
    void labelsAreDistinctAndLowerCase() {
        assertThat(HealRefusal.WITNESS_SILENT.label()).isEqualTo("witness-silent");
        assertThat(ForceResult.SUCCESS.label()).isEqualTo("success");
    }

    @Test
    void attemptsInARowEndWhereTheCooldownFits() {
        Attempts attempts = Attempts.NONE;
        for (long at : new long[] {0, 700, 900, 1000}) {
            attempts = attempts.with(new Attempts.Call(at, ForceResult.FAILURE, 0));
        }
        assertThat(attempts.inARow(1100, 600)).isEqualTo(3);
        assertThat(attempts.inARow(1599, 600)).isEqualTo(3);
        assertThat(attempts.inARow(1600, 600)).isZero();
        assertThat(attempts.inARow(1100, 800)).isEqualTo(4);
        assertThat(attempts.failuresInARow()).isEqualTo(4);
        assertThat(attempts.with(new Attempts.Call(1050, ForceResult.SUCCESS, 0))
                        .failuresInARow())
                .isZero();
    }

    @Test
    void aListeningPortAnswersAndAClosedOneDoesNot() throws IOException {
        ManagerProbe probe = new TcpManagerProbe();
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(probe.answers(new Endpoint("127.0.0.1", port))).isTrue();
        }
        assertThat(probe.answers(new Endpoint("127.0.0.1", port))).isFalse();
    }

    @Test
    void thisHostIsNoWitness() {
        WitnessProbe probe = new NetworkWitnessProbe(() -> Set.of(Swarms.ip("10.0.0.1")), (address, timeout) -> true);
        assertThat(probe.ask(new Witness.Host(Swarms.ip("10.0.0.1"))).outcome()).isEqualTo(WitnessProbe.Outcome.SELF);
        assertThat(probe.ask(new Witness.Tcp(new Endpoint("127.0.0.1", 1))).outcome())
                .isEqualTo(WitnessProbe.Outcome.SELF);
        assertThat(probe.ask(new Witness.Host(Swarms.ip("10.0.0.2"))))
                .isEqualTo(new WitnessProbe.Answer(
                        new Witness.Host(Swarms.ip("10.0.0.2")),
                        WitnessProbe.Outcome.ANSWERED,
                        "10.0.0.2 answered ARP"));
    }

    @Test
    void aSilentAddressIsSilent() {
        // Class E (RFC 1112): no host has such an address.
        WitnessProbe probe = new NetworkWitnessProbe(Set::of, NeighbourProbe.NONE);
        assertThat(probe.ask(new Witness.Host(Swarms.ip("240.0.0.1"))).outcome())
                .isEqualTo(WitnessProbe.Outcome.SILENT);
    }

    @Test
    void thisHostsAddressesContainLoopback() {
        assertThat(LocalAddresses.ofThisHost().current()).contains(Swarms.ip("127.0.0.1"));
    }

    @Test
    void knownManagersAreReadBack(@TempDir Path directory) throws IOException {
        StateStore store = StateStore.in(directory.resolve("deeper"));
        assertThat(KnownManagers.read(store)).isNull();
        KnownManagers written = new KnownManagers(
                "m1",
                new ClusterFacts("c", true, 4790),
                List.of(
                        new Manager("m1", "host1", Swarms.endpoint(1), "", false),
                        new Manager("m2", "", null, "", false)));
        written.write(store, KnownManagers.FILE, Instant.EPOCH);
        written.write(store, KnownManagers.FILE, Instant.EPOCH);
        assertThat(KnownManagers.read(store)).isEqualTo(written);
        try (var files = Files.list(directory.resolve("deeper"))) {
            assertThat(files).containsExactly(directory.resolve("deeper/" + KnownManagers.FILE));
        }
    }

    @Test
    void aDamagedListIsAnErrorAndNoList(@TempDir Path directory) throws IOException {
        Path file = directory.resolve(KnownManagers.FILE);
        for (String text : List.of("", "{", "[]", "{\"nodeId\":\"m1\"}", "\u0000")) {
            Files.writeString(file, text);
            org.assertj.core.api.Assertions.assertThatIOException()
                    .as(text)
                    .isThrownBy(() -> KnownManagers.read(StateStore.in(directory)))
                    .withMessageContaining(file.toString());
        }
    }
}
