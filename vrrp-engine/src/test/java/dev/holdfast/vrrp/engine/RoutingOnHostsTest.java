package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes and rules that come and go with the role, as {@code ip} then shows them. */
@Timeout(120)
class RoutingOnHostsTest extends TwoEngines {
    private String routes(int host) {
        return net.on(host, "ip -4 route show table all proto 112")
                + net.on(host, "ip -6 route show table all proto 112");
    }

    private String rules(int host) {
        return net.on(host, "ip -4 rule show") + net.on(host, "ip -6 rule show");
    }

    @Test
    void theKernelHasEachRouteAsItIsWritten() {
        net.enableIpv6(11);
        one.apply(List.of(spec().v3(TENTH)
                        .excluded("fd00:77::100/64")
                        .routes(
                                "default via 10.77.0.1 src 10.77.0.100 table 100",
                                "10.80.0.0/16 via 10.77.0.1 dev eth0 metric 5 mtu 1400 advmss 1300",
                                "10.81.0.0/16 dev eth0 table 100000 scope link",
                                "10.82.0.0/16 via 10.99.0.1 dev eth0 onlink",
                                "blackhole 10.83.0.0/16",
                                "unreachable 10.84.0.0/16 table 100",
                                "prohibit 10.85.0.0/16",
                                "throw 10.86.0.0/16 table 100",
                                "fd00:80::/64 via fd00:77::1 src fd00:77::100 metric 7",
                                "default via fd00:77::1 table 100",
                                "blackhole fd00:83::/64")
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        assertThat(first.troubles).isEmpty();
        assertThat(routes(11).lines().map(String::strip).map(line -> line.replace(" pref medium", "")))
                .containsExactlyInAnyOrder(
                        "default via 10.77.0.1 dev eth0 table 100 src 10.77.0.100",
                        "10.80.0.0/16 via 10.77.0.1 dev eth0 metric 5 mtu 1400 advmss 1300",
                        "10.81.0.0/16 dev eth0 table 100000 scope link",
                        "10.82.0.0/16 via 10.99.0.1 dev eth0 onlink",
                        "blackhole 10.83.0.0/16",
                        "unreachable 10.84.0.0/16 table 100",
                        "prohibit 10.85.0.0/16",
                        "throw 10.86.0.0/16 table 100",
                        "fd00:80::/64 via fd00:77::1 dev eth0 src fd00:77::100 metric 7",
                        "default via fd00:77::1 dev eth0 table 100 metric 1024",
                        "blackhole fd00:83::/64 dev lo metric 1024");
        one.stop().join();
        assertThat(routes(11)).isBlank();
    }

    @Test
    void theKernelHasEachRuleAsItIsWritten() {
        net.enableIpv6(11);
        String before = rules(11);
        one.apply(List.of(spec().v3(TENTH)
                        .rules(
                                "from 10.77.0.100 table 100",
                                "to 10.80.0.0/16 table 100000 priority 1001",
                                "fwmark 0x18/0xc iif eth0 oif lo table main priority 1002",
                                "from 10.90.0.0/16 blackhole priority 1003",
                                "from 10.91.0.0/16 unreachable priority 1004",
                                "from fd00:77::100 prohibit priority 1005")
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        assertThat(first.troubles).isEmpty();
        assertThat(rules(11).replace("\t", " "))
                .contains("16384: from 10.77.0.100 lookup 100 proto 112")
                .contains("1001: from all to 10.80.0.0/16 lookup 100000 proto 112")
                .contains("1002: from all fwmark 0x18/0xc iif eth0 oif lo lookup main proto 112")
                .contains("1003: from 10.90.0.0/16 blackhole proto 112")
                .contains("1004: from 10.91.0.0/16 unreachable proto 112")
                .contains("1005: from fd00:77::100 prohibit proto 112");
        one.stop().join();
        assertThat(rules(11)).isEqualTo(before);
    }

    private static SpecBuilder routed() {
        return spec().v3(TENTH)
                .routes("default via 10.77.0.1 src 10.77.0.100 table 100", "blackhole 10.83.0.0/16")
                .rules("from 10.77.0.100 table 100 priority 1000");
    }

    @Test
    void theyMoveWithTheRole() {
        one.apply(List.of(routed().priority(200).build())).join();
        two.apply(List.of(routed().build())).join();
        awaitState(one, VrrpState.MASTER);
        assertThat(routes(11)).contains("table 100", "blackhole");
        assertThat(routes(12)).isBlank();
        one.track("VI_1", new EffectivePriority(200, List.of("apiserver"))).join();
        assertThat(routes(11)).isBlank();
        assertThat(rules(11)).doesNotContain("10.77.0.100");
        awaitState(two, VrrpState.MASTER);
        assertThat(routes(12)).contains("table 100", "blackhole");
        assertThat(rules(12)).contains("from 10.77.0.100 lookup 100");
        assertThat(first.troubles).isEmpty();
        assertThat(second.troubles).isEmpty();
    }

    @Test
    void whatSomebodyRemovesIsPutBack() {
        one.apply(List.of(routed().build())).join();
        awaitState(one, VrrpState.MASTER);
        net.on(11, "ip route flush table 100");
        net.on(11, "ip rule del priority 1000");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(routes(11)).contains("default via 10.77.0.1");
            assertThat(rules(11)).contains("from 10.77.0.100 lookup 100");
        });
        assertThat(first.troubles)
                .singleElement()
                .isEqualTo("default via 10.77.0.1 src 10.77.0.100 table 100, from 10.77.0.100 table 100 priority 1000"
                        + " vanished while MASTER; put back");
    }

    @Test
    void theRoutesOfAnotherArePreferredNoLongerAndStay() {
        net.on(11, "ip route add default via 10.77.0.2 dev eth0");
        one.apply(List.of(spec().v3(TENTH).routes("default via 10.77.0.1").build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        assertThat(net.on(11, "ip route get 10.200.0.1")).contains("via 10.77.0.1 ");
        one.stop().join();
        assertThat(net.on(11, "ip route show default").strip()).isEqualTo("default via 10.77.0.2 dev eth0");
    }

    @Test
    void whatCanNotBeAddedIsToldAndTriedAgain() {
        one.apply(List.of(spec().v3(TENTH)
                        .routes("10.80.0.0/16 via 10.78.0.1", "10.81.0.0/16 dev eth1")
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        assertThat(first.troubles)
                .anySatisfy(trouble ->
                        assertThat(trouble).startsWith("10.80.0.0/16 via 10.78.0.1 could not be added: ENETUNREACH"))
                .anySatisfy(
                        trouble -> assertThat(trouble).startsWith("10.81.0.0/16 dev eth1 could not be added: ENODEV"));
        net.wire(11, "eth1", 13, "eth1");
        net.on(11, "ip addr add 10.78.0.11/24 dev eth1");
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(routes(11)).contains("10.80.0.0/16", "10.81.0.0/16"));
    }

    @Test
    void aReloadAddsAndRemovesWhatIsDifferent() {
        one.apply(List.of(routed().build())).join();
        awaitState(one, VrrpState.MASTER);
        one.apply(List.of(routed().routes("blackhole 10.83.0.0/16", "blackhole 10.84.0.0/16")
                        .rules()
                        .build()))
                .join();
        assertThat(routes(11)).contains("10.83.0.0/16", "10.84.0.0/16").doesNotContain("table 100");
        assertThat(rules(11)).doesNotContain("10.77.0.100");
        assertThat(first.transitions).hasSize(2);
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void whatAKilledRunLeftBehindIsRemovedAtTheStartAndNothingElse() {
        net.enableIpv6(12);
        net.on(12, "ip route add blackhole 10.83.0.0/16 proto 112");
        net.on(12, "ip route add 10.84.0.0/16 via 10.77.0.1 table 100 proto 112 mtu 1400 metric 9");
        net.on(12, "ip -6 route add fd00:80::/64 via fd00:77::1 proto 112");
        net.on(12, "ip route add blackhole 10.85.0.0/16");
        net.on(12, "ip rule add from 10.77.0.100 table 100 protocol 112");
        net.on(12, "ip -6 rule add from fd00::1 table 100 protocol 112");
        net.on(12, "ip rule add from 10.77.0.99 table 100");
        two.apply(List.of(spec().build())).join();
        assertThat(routes(12)).isBlank();
        assertThat(rules(12)).doesNotContain("proto 112").contains("from 10.77.0.99");
        assertThat(net.on(12, "ip route show")).contains("10.85.0.0/16");
    }

    @Test
    void secondariesArePromotedWhileTheInstanceRunsAndTheSettingIsPutBack() {
        String setting = "cat /proc/sys/net/ipv4/conf/eth0/promote_secondaries";
        net.on(11, "sysctl -qw net.ipv4.conf.eth0.promote_secondaries=0");
        // Of one subnet: the first one's removal would take the others with it.
        one.apply(List.of(spec().v3(TENTH)
                        .addresses("10.79.0.1/24", "10.79.0.2/24")
                        .promoteSecondaries()
                        .build()))
                .join();
        assertThat(net.on(11, setting).strip()).isEqualTo("1");
        awaitState(one, VrrpState.MASTER);
        one.apply(List.of(spec().v3(TENTH)
                        .addresses("10.79.0.2/24")
                        .promoteSecondaries()
                        .build()))
                .join();
        assertThat(net.hasAddress(11, "10.79.0.2")).isTrue();
        assertThat(first.troubles).isEmpty();
        one.apply(List.of(spec().v3(TENTH).addresses("10.79.0.2/24").build())).join();
        assertThat(net.on(11, setting).strip()).isEqualTo("0");

        net.on(12, "sysctl -qw net.ipv4.conf.eth0.promote_secondaries=1");
        two.apply(List.of(spec().promoteSecondaries().build())).join();
        two.stop().join();
        assertThat(net.on(12, setting).strip()).isEqualTo("1");
    }
}
