package dev.holdfast.agent.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.HoldfastConfig;
import dev.holdfast.swarm.DefaultRoute;
import dev.holdfast.vrrp.engine.InstanceSpec;
import dev.holdfast.vrrp.engine.NetworkCard;
import dev.holdfast.vrrp.engine.Overheard;
import dev.holdfast.vrrp.engine.Transport;
import dev.holdfast.vrrp.engine.VipAddress;
import dev.holdfast.vrrp.wire.IpAddress;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is proposed from what a host tells, and that the file which comes of it is a good one. */
class FirstConfigurationTest {
    private static final NetworkCard LO = card("lo", true, "127.0.0.1/8");
    private static final NetworkCard ETH0 = card("eth0", true, "10.0.0.60/22", "fd00::60/64");
    private static final NetworkCard ETH1 = card("eth1", true, "192.168.7.60/24");
    private static final NetworkCard DOWN = card("eth2", false, "172.16.0.1/12");
    private static final Surroundings HOST = new Surroundings(
            "cube01",
            List.of(LO, ETH0, ETH1, DOWN),
            Optional.of(new DefaultRoute("eth1", InetAddress.ofLiteral("192.168.7.1"))),
            true,
            List.of(),
            List.of(),
            true);

    @TempDir
    private Path folder;

    private static NetworkCard card(String name, boolean up, String... addresses) {
        return new NetworkCard(
                1, name, up, up, Stream.of(addresses).map(VipAddress::parse).toList());
    }

    private static Overheard router(int id) {
        return new Overheard(IpAddress.parse("10.0.0.9"), id, 100, Set.of());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.3.70,     eth0", // in the network of its own address
        "fd00::70,      eth0",
        "192.168.7.70,  eth1",
        "203.0.113.7,   eth1", // by the default route
        "172.16.0.70,   eth1", // never one that is down
        "127.0.0.70,    eth1", // nor loopback
    })
    void theInterfaceIsTheOneInWhoseNetworkTheAddressIs(String vip, String card) {
        assertThat(Proposals.card(IpAddress.parse(vip), HOST).map(NetworkCard::name))
                .contains(card);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.3.70, 10.0.3.70/22",
        "10.0.3.70/24, 10.0.3.70/24",
        "fd00::70, fd00::70/64",
        "203.0.113.7/32, 203.0.113.7/32"
    })
    void thePrefixIsFoundWhereItIsNotSaid(String text, String vip) {
        assertThat(Proposals.vip(text, ETH0, HOST)).isEqualTo(VipAddress.parse(vip));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.7   | as in 203.0.113.7/24
            2001:db8::7   | as in 2001:db8::7/64
            10.0.0.60     | is on eth0 already
            192.168.7.60  | is on eth1 already
            224.0.0.18/24 | multicast
            10.0.0        | is not an IPv4 or IPv6 address
            10.0.0.7/99   | prefix length 99
            """)
    void anAddressThatCanBeNoVirtualOneIsRefused(String text, String why) {
        assertThatThrownBy(() -> Proposals.vip(text, ETH0, HOST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void theVirtualRouterIdIsOneThatNobodyUses() {
        assertThat(Proposals.virtualRouterId(List.of())).isEqualTo(51);
        assertThat(Proposals.virtualRouterId(List.of(router(51), router(52), router(7))))
                .isEqualTo(53);
        List<Overheard> all = IntStream.rangeClosed(1, 255)
                .filter(id -> id != 3)
                .mapToObj(FirstConfigurationTest::router)
                .toList();
        assertThat(Proposals.virtualRouterId(all)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a             | a=100
            a,b,c         | a=100 b=90 c=80
            a=200,b,c     | a=200 b=190 c=180
            b,a=50,c      | b=100 a=50 c=40
            """)
    void prioritiesDiffer(String nodes, String expected) {
        Map<String, Integer> priorities = Proposals.priorities(List.of(nodes.split(",")));
        assertThat(priorities.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 60, 254})
    void alsoThoseOfManyNodes(int count) {
        List<String> nodes = IntStream.range(0, count).mapToObj(i -> "n" + i).toList();
        assertThat(Proposals.priorities(nodes).values())
                .hasSize(count)
                .doesNotHaveDuplicates()
                .allSatisfy(priority -> assertThat(priority).isBetween(1, 254));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a,a        | named twice
            a=90,b=90  | two nodes would have the priority 90
            a=255      | is not a priority
            a=x        | is not a priority
            =5         | is not NAME
            """)
    void wrongNodesAreRefused(String nodes, String why) {
        assertThatThrownBy(() -> Proposals.priorities(List.of(nodes.split(","))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private HoldfastConfig load(FirstConfiguration first) throws Exception {
        Path file = Files.writeString(folder.resolve("holdfast.conf"), first.text());
        return ConfigSource.judge(file).config();
    }

    private static FirstConfiguration first(
            String vip,
            List<IpAddress> peers,
            boolean unicast,
            Optional<InetAddress> gateway,
            boolean docker,
            boolean inSwarm) {
        return new FirstConfiguration(
                VipAddress.parse(vip),
                "eth0.5",
                51,
                Proposals.priorities(List.of("cube01", "cube02.example.org")),
                peers,
                unicast,
                gateway,
                docker,
                inSwarm);
    }

    @Test
    void theFileIsAGoodOne() throws Exception {
        HoldfastConfig config = load(
                first("10.0.0.70/22", List.of(), false, Optional.of(InetAddress.ofLiteral("10.0.0.1")), true, true));
        InstanceSpec spec = config.vrrp().specs().getFirst();
        assertThat(spec.interfaceName()).isEqualTo("eth0.5");
        assertThat(spec.virtualRouterId()).isEqualTo(51);
        assertThat(spec.addresses()).containsExactly(VipAddress.parse("10.0.0.70/22"));
        assertThat(spec.transport()).isInstanceOf(Transport.Multicast.class);
        assertThat(config.swarm().enabled()).isTrue();
        assertThat(config.vrrp().tracksSwarm()).isTrue();
    }

    @Test
    void andSoIsTheOneWithoutASwarm() throws Exception {
        HoldfastConfig config = load(first("fd00::70/64", List.of(), false, Optional.empty(), false, false));
        assertThat(config.vrrp().specs().getFirst().addresses()).containsExactly(VipAddress.parse("fd00::70/64"));
        assertThat(config.swarm().enabled()).isFalse();
        assertThat(load(first("10.0.0.70/24", List.of(), false, Optional.empty(), true, false))
                        .swarm()
                        .enabled())
                .isTrue();
    }

    @Test
    void andTheOneForUnicast() throws Exception {
        List<IpAddress> peers = List.of(IpAddress.parse("10.0.0.60"), IpAddress.parse("10.0.0.61"));
        HoldfastConfig config = load(first("10.0.0.70/24", peers, true, Optional.empty(), true, true));
        assertThat(config.vrrp().specs().getFirst().transport()).isInstanceOf(Transport.Unicast.class);

        FirstConfiguration known = first("10.0.0.70/24", peers, false, Optional.empty(), true, true);
        assertThat(known.text()).contains("#unicast.peers = [\"10.0.0.60\", \"10.0.0.61\"]");
        assertThat(load(known).vrrp().specs().getFirst().transport()).isInstanceOf(Transport.Multicast.class);
    }
}
