package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The virtual MAC as the other hosts see it; host 13 is a neighbour that speaks no VRRP. */
@Timeout(180)
class VirtualMacOnHostsTest extends TwoEngines {
    private static final String VIP = "10.77.0.100";
    private static final Duration LONG = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    /** One way to speak VRRP, and what it looks like from outside. */
    record Dialect(String name, UnaryOperator<SpecBuilder> change, String vip, String link, String mac) {
        @Override
        public String toString() {
            return name;
        }

        InstanceSpec of(int priority) {
            return change.apply(spec().priority(priority)).virtualMac().build();
        }
    }

    static Stream<Dialect> dialects() {
        return Stream.of(
                new Dialect("version 2", s -> s, VIP, "vrrp.51", "00:00:5e:00:01:33"),
                new Dialect("version 3", s -> s.v3(TENTH), VIP, "vrrp.51", "00:00:5e:00:01:33"),
                new Dialect(
                        "version 3 over IPv6", s -> s.ipv6(TENTH), "fd00:77::100", "vrrp6.51", "00:00:5e:00:02:33"));
    }

    @Override
    void prepare(TestNet hosts) {
        hosts.enableIpv6(11, 12, 13);
    }

    private boolean holds(int host, String link, String address) {
        return net.on(host, "ip -o addr show")
                .lines()
                .anyMatch(l -> l.contains(": " + link + " ") && l.contains(" " + address + "/"));
    }

    private boolean hasLink(int host, String link) {
        return net.on(host, "ip -o link show").contains(": " + link + "@");
    }

    private boolean isUp(int host, String link) {
        return net.on(host, "ip -o link show dev " + link).matches("(?s).*[<,]UP[,>].*");
    }

    private String arp(int host, String setting) {
        return net.on(host, "cat /proc/sys/net/ipv4/conf/eth0/" + setting).strip();
    }

    private void ping(int from, String address) {
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> net.on(from, "ping -c 1 -W 1 " + address));
    }

    private Process monitorNeighbours() throws IOException {
        Path output = folder.resolve("neighbours");
        return net.start(13, output, "ip", "monitor", "neigh");
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void theNeighboursEntryIsTheVirtualMacAndStaysAtAFailOver(Dialect dialect) throws IOException {
        one.apply(List.of(dialect.of(150))).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(dialect.of(100))).join();
        awaitState(two, VrrpState.BACKUP);
        Process monitor = monitorNeighbours();
        ping(13, dialect.vip());
        assertThat(net.on(13, "ip neigh show to " + dialect.vip())).contains("lladdr " + dialect.mac());
        assertThat(holds(11, dialect.link(), dialect.vip())).isTrue();
        assertThat(net.whereIs(dialect.mac())).isEqualTo(11);
        assertThat(isUp(12, dialect.link())).isFalse();

        net.cut(11, true);
        awaitState(two, VrrpState.MASTER);
        assertThat(holds(12, dialect.link(), dialect.vip())).isTrue();
        ping(13, dialect.vip());
        assertThat(net.whereIs(dialect.mac())).isEqualTo(12);

        net.cut(11, false);
        awaitState(two, VrrpState.BACKUP);
        await().atMost(LONG).until(() -> net.whereIs(dialect.mac()) == 11);
        ping(13, dialect.vip());
        // Hosts that ask their neighbours anew, with the virtual address as the sender of what they send.
        net.on(11, "ip neigh flush dev eth0");
        net.on(
                11,
                "ping -c 2 -W 1 -I " + dialect.vip() + " "
                        + (dialect.vip().contains(":") ? "fd00:77::13" : "10.77.0.13"));
        ping(13, dialect.vip().contains(":") ? "fd00:77::11" : "10.77.0.11");
        monitor.destroy();
        assertThat(Files.readString(folder.resolve("neighbours")).lines())
                .filteredOn(line -> line.startsWith(dialect.vip() + " ") && line.contains("lladdr"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("lladdr " + dialect.mac()));
        assertThat(net.on(13, "ip neigh show to " + (dialect.vip().contains(":") ? "fd00:77::11" : "10.77.0.11")))
                .contains("lladdr 02:00:0a:4d:00:0b");
        assertThat(status(one).rejected()).isEmpty();
        assertThat(status(two).rejected()).isEmpty();
        assertThat(first.troubles).isEmpty();
        assertThat(second.troubles).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void advertsCarryTheVirtualMacAndTheInterfacesOwnAddress(Dialect dialect) throws IOException {
        two.apply(List.of(dialect.of(100))).join();
        Path seen = folder.resolve("seen");
        Process sniffer = net.start(13, seen, "tcpdump", "-lneti", "eth0", "ether", "src", dialect.mac());
        await().atMost(LONG).until(() -> Files.readString(seen).contains("listening on"));
        awaitState(two, VrrpState.MASTER);
        one.apply(List.of(dialect.of(150))).join();
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.BACKUP);
        long heard = status(two).advertsReceived();
        await().atMost(LONG).until(() -> status(two).advertsReceived() > heard + 2);
        sniffer.destroy();
        String own = dialect.vip().contains(":") ? "fe80::aff:fe4d:b" : "10.77.0.11";
        List<String> frames = Files.readString(seen).lines().toList();
        assertThat(frames).anyMatch(line -> line.contains(own + " > ") && line.contains("prio 150"));
        // A BACKUP must not say anything with it: no group is joined, no address is looked for.
        assertThat(frames).noneMatch(line -> line.contains("igmp") || line.contains("router solicitation"));
        assertThat(net.whereIs(dialect.mac())).isEqualTo(11);
    }

    @Test
    void advertsFromTheBaseCarryItsOwnMac() throws IOException {
        Path seen = folder.resolve("seen");
        Process sniffer = net.start(13, seen, "tcpdump", "-lneti", "eth0", "ip", "proto", "112");
        await().atMost(LONG).until(() -> Files.readString(seen).contains("listening on"));
        one.apply(List.of(spec().v3(TENTH).virtualMac(VirtualMac.Transmit.BASE).build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        ping(13, VIP);
        assertThat(net.on(13, "ip neigh show to " + VIP)).contains("lladdr 00:00:5e:00:01:33");
        await().atMost(LONG).until(() -> Files.readString(seen).contains("prio 100"));
        sniffer.destroy();
        assertThat(Files.readString(seen)).contains("02:00:0a:4d:00:0b > ").doesNotContain("00:00:5e:00:01:33 >");
    }

    @Test
    void theLinkEndsWithTheInstanceAndTheInterfaceGetsItsSettingsBack() {
        net.on(11, "sysctl -qw net.ipv4.conf.eth0.arp_announce=1");
        one.apply(List.of(
                        spec().v3(TENTH).virtualMac().build(),
                        spec().name("VI_2")
                                .vrid(52)
                                .v3(TENTH)
                                .addresses("10.77.0.101/24")
                                .virtualMac()
                                .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        assertThat(arp(11, "arp_ignore")).isEqualTo("1");
        assertThat(arp(11, "arp_announce")).isEqualTo("2");
        assertThat(net.on(11, "ip -4 route")).doesNotContain("vrrp.");
        one.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        assertThat(hasLink(11, "vrrp.52")).isFalse();
        assertThat(arp(11, "arp_ignore")).isEqualTo("1");
        one.apply(List.of(spec().v3(TENTH).build())).join();
        assertThat(hasLink(11, "vrrp.51")).isFalse();
        assertThat(arp(11, "arp_ignore")).isEqualTo("0");
        assertThat(arp(11, "arp_announce")).isEqualTo("1");
        awaitState(one, VrrpState.MASTER);
        assertThat(holds(11, "eth0", VIP)).isTrue();
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void afterAKillTheAddressGoesAndTheNextStartTakesOverWhatIsLeft() throws IOException {
        Process killed = EngineProcess.startWithVirtualMac(net, 11, folder.resolve("log"), 100, 200);
        await().atMost(Duration.ofSeconds(20)).until(() -> holds(11, "vrrp.51", VIP));
        TestNet.run("kill -KILL " + killed.pid());
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(3))
                .until(() -> !holds(11, "vrrp.51", VIP));
        assertThat(hasLink(11, "vrrp.51")).isTrue();

        one.apply(List.of(spec().v3(TENTH).priority(50).virtualMac().build())).join();
        assertThat(isUp(11, "vrrp.51")).isFalse();
        awaitState(one, VrrpState.MASTER);
        ping(13, VIP);
        one.apply(List.of()).join();
        assertThat(hasLink(11, "vrrp.51")).isFalse();
        assertThat(arp(11, "arp_ignore")).isEqualTo("0");
        assertThat(arp(11, "arp_announce")).isEqualTo("0");
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void aStartThatWantsNoVirtualMacRemovesWhatAKilledAgentLeft() throws IOException {
        Process killed = EngineProcess.startWithVirtualMac(net, 11, folder.resolve("log"), 100, 200);
        await().atMost(Duration.ofSeconds(20)).until(() -> holds(11, "vrrp.51", VIP));
        two.apply(List.of(spec().priority(50).v3(TENTH).virtualMac().build())).join();
        assertThat(hasLink(12, "vrrp.51")).isTrue();
        // An agent that lives keeps what it has.
        one.apply(List.of()).join();
        assertThat(hasLink(11, "vrrp.51")).isTrue();
        killed.destroyForcibly();
        await().atMost(LONG).until(() -> !killed.isAlive());
        one.apply(List.of()).join();
        assertThat(hasLink(11, "vrrp.51")).isFalse();
        assertThat(arp(11, "arp_ignore")).isEqualTo("0");
    }

    @Test
    void anInterfaceThatIsMadeAgainGetsItsVirtualMacAgain() {
        one.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        awaitState(one, VrrpState.MASTER);
        net.unplug(11);
        awaitState(one, VrrpState.FAULT);
        net.plug(11);
        awaitState(one, VrrpState.MASTER);
        await().atMost(LONG).until(() -> holds(11, "vrrp.51", VIP));
        ping(13, VIP);
        assertThat(net.on(13, "ip neigh show to " + VIP)).contains("lladdr 00:00:5e:00:01:33");
        assertThat(arp(11, "arp_ignore")).isEqualTo("1");
        net.carrier(11, false);
        awaitState(one, VrrpState.FAULT);
        await().atMost(LONG).until(() -> !isUp(11, "vrrp.51"));
        net.carrier(11, true);
        awaitState(one, VrrpState.MASTER);
        ping(13, VIP);
    }

    @Test
    void aLinkThatSomebodyRemovesOrSetsDownIsPutBack() {
        one.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        awaitState(one, VrrpState.MASTER);
        net.on(11, "ip link del vrrp.51");
        await().atMost(LONG).until(() -> holds(11, "vrrp.51", VIP));
        ping(13, VIP);
        net.on(11, "ip link set vrrp.51 down");
        await().atMost(LONG).until(() -> isUp(11, "vrrp.51"));
        ping(13, VIP);
        assertThat(status(one).state()).isEqualTo(VrrpState.MASTER);
        assertThat(first.transitions).hasSize(2);
    }

    @Test
    void aBackupsLinkThatSomebodySetsUpGoesDownAgain() {
        one.apply(List.of(spec().v3(TENTH).priority(200).virtualMac().build())).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        awaitState(two, VrrpState.BACKUP);
        net.on(12, "ip link set vrrp.51 up");
        await().atMost(LONG).until(() -> !isUp(12, "vrrp.51"));
        assertThat(status(two).state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void aHandOverEndsWhenTheSuccessorAnnouncesTheSameMac() {
        one.apply(List.of(spec().v3(TENTH).priority(200).virtualMac().build())).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        await().atMost(LONG).until(() -> status(two).advertsReceived() > 0);
        ping(13, VIP);
        long at = System.nanoTime();
        HandOverResult result = one.handOver(Optional.of("VI_1")).join().getFirst();
        long lingered = System.nanoTime() - at - result.took().toNanos();
        assertThat(result.outcome()).isEqualTo(HandOverResult.Outcome.HANDED_OVER);
        assertThat(lingered).isLessThan(VirtualRouter.ANNOUNCEMENT_NANOS);
        ping(13, VIP);
        assertThat(isUp(11, "vrrp.51")).isFalse();
        assertThat(first.conflicts).isEmpty();
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void aStrangersInterfaceOfThatNameIsLeftAloneAndIsAFault() {
        net.on(11, "ip link add vrrp.51 link eth0 type macvlan mode private");
        one.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        awaitState(one, VrrpState.FAULT);
        assertThat(status(one).faults()).singleElement().asString().contains("vrrp.51", "ip link del vrrp.51");
        assertThat(net.on(11, "ip -d -o link show vrrp.51")).contains("mode private");
        net.on(11, "ip link del vrrp.51");
        awaitState(one, VrrpState.MASTER);
        assertThat(holds(11, "vrrp.51", VIP)).isTrue();
    }

    @Test
    void anotherMasterWithTheSameMacIsAConflict() {
        for (int host : new int[] {11, 12}) {
            net.on(host, "nft add table ip t");
            net.on(host, "nft add chain ip t in { type filter hook input priority 0 ; }");
            net.on(host, "nft add rule ip t in ip protocol 112 drop");
        }
        one.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        two.apply(List.of(spec().v3(TENTH).virtualMac().build())).join();
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.MASTER);
        await().atMost(LONG).until(() -> !first.conflicts.isEmpty() && !second.conflicts.isEmpty());
        assertThat(first.conflicts).containsOnly("10.77.0.100 is also held by 00:00:5e:00:01:33");
    }

    @Test
    void addressesOfBothFamiliesShareTheLinkOfTheInstance() {
        one.apply(List.of(spec().v3(TENTH)
                        .excluded("fd00:77::101/64", "10.78.0.1/24")
                        .virtualMac()
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        ping(13, "fd00:77::101");
        assertThat(net.on(13, "ip neigh show to fd00:77::101")).contains("lladdr 00:00:5e:00:01:33");
        assertThat(net.on(11, "ip -4 route")).contains("10.78.0.0/24 dev vrrp.51");
        assertThat(net.on(11, "ip -6 addr show dev vrrp.51")).doesNotContain("fe80:");
        assertThat(first.troubles).isEmpty();
    }
}
