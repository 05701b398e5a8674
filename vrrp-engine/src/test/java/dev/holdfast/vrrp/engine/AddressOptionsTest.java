package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Addresses with options, as the kernel then shows them. Hosts 11 and 12 have an eth1 besides, each on a cable to host 13. */
@Timeout(120)
class AddressOptionsTest extends TwoEngines {
    private static final String VIP = "10.78.0.100";

    @Override
    void prepare(TestNet hosts) {
        hosts.wire(11, "eth1", 13, "eth1");
        hosts.wire(12, "eth1", 13, "eth2");
    }

    private static AddressOptions options(
            Optional<String> label, int scope, Optional<IpAddress> broadcast, boolean prefixRoute) {
        return new AddressOptions(Optional.of("eth1"), true, label, scope, broadcast, prefixRoute, Optional.empty());
    }

    private static VipAddress onEth1() {
        return VipAddress.parse(VIP + "/24").with(AddressOptions.none().on("eth1"));
    }

    private static VipAddress untracked() {
        AddressOptions none = AddressOptions.none();
        return VipAddress.parse(VIP + "/24")
                .with(new AddressOptions(
                        Optional.of("eth1"), false, none.label(), 0, none.broadcast(), true, none.deprecated()));
    }

    private String shown(int host) {
        return net.on(host, "ip -o addr show dev eth1");
    }

    private boolean has(int host) {
        return shown(host).contains(" " + VIP + "/");
    }

    @Test
    void theKernelHasAllOptionsAlsoAfterRenewals() {
        VipAddress vip = VipAddress.parse(VIP + "/24")
                .with(options(Optional.of("eth1:vip"), 253, Optional.of(IpAddress.parse("10.78.0.255")), false));
        VipAddress plain =
                VipAddress.parse("10.79.0.100/24").with(options(Optional.empty(), 0, Optional.empty(), true));
        one.apply(List.of(spec().v3(TENTH)
                        .addresses("10.77.0.100/24")
                        .and(vip, plain)
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        String expected = "inet 10.78.0.100/24 brd 10.78.0.255 scope link dynamic noprefixroute eth1:vip";
        await().during(Duration.ofMillis(2_500))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(shown(11).replace("proto 112 ", ""))
                        .contains(expected, "inet 10.79.0.100/24 scope global dynamic eth1"));
        assertThat(net.on(11, "ip route show dev eth1"))
                .contains("10.79.0.0/24")
                .doesNotContain("10.78.0.0/24");
        assertThat(first.troubles).isEmpty();
        one.stop().join();
        assertThat(shown(11)).doesNotContain(VIP, "10.79.0.100");
    }

    @Test
    void anIpv6HostAddressIsHeldDeprecated() {
        net.enableIpv6(11);
        one.apply(List.of(spec().v3(TENTH)
                        .excluded("fd00:78::100", "fd00:78::101/64")
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        String shown = net.on(11, "ip -o -6 addr show dev eth0");
        assertThat(shown).containsPattern("fd00:78::100/128 .*deprecated.*preferred_lft 0sec");
        assertThat(shown).doesNotContainPattern("fd00:78::101/64 .*deprecated");
    }

    @Test
    void itIsPutBackAndAnnouncedOnItsOwnDevice() {
        one.apply(List.of(spec().v3(TENTH).and(onEth1()).build())).join();
        awaitState(one, VrrpState.MASTER);
        await().until(() -> has(11));
        net.on(13, "ip addr add 10.78.0.13/24 dev eth1");
        net.on(13, "ip neigh replace " + VIP + " lladdr 02:00:00:00:00:99 dev eth1 nud stale");
        net.on(11, "ip addr del " + VIP + "/24 dev eth1");
        await().atMost(Duration.ofSeconds(5)).until(() -> has(11));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(net.on(13, "ip neigh show " + VIP + " dev eth1"))
                        .contains("lladdr 02:00:0a:4e:00:0b"));
        assertThat(first.troubles).singleElement().asString().startsWith(VIP + "/24 vanished from eth1");
    }

    @Test
    void aReloadMovesAnAddressToAnotherDevice() {
        one.apply(List.of(spec().v3(TENTH).addresses(VIP + "/24").build())).join();
        awaitState(one, VrrpState.MASTER);
        // On a machine that does not let it be renewed in time it may be gone for a moment, and MASTER entered anew.
        await().until(() -> net.hasAddress(11, VIP));
        Map<VrrpState, Long> before = status(one).transitions();
        one.apply(List.of(spec().v3(TENTH).addresses().and(onEth1()).build())).join();
        assertThat(first.troubles).isEmpty();
        assertThat(status(one).transitions()).isEqualTo(before);
        assertThat(net.on(11, "ip -o -4 addr show dev eth0")).doesNotContain(VIP);
        await().until(() -> has(11));
    }

    @Test
    void aDeviceThatIsDownOrMissingIsAFault() {
        one.apply(List.of(spec().v3(TENTH).priority(200).and(onEth1()).build())).join();
        two.apply(List.of(spec().v3(TENTH).and(onEth1()).build())).join();
        awaitState(one, VrrpState.MASTER);
        net.on(11, "ip link set eth1 down");
        awaitState(one, VrrpState.FAULT);
        assertThat(status(one).faults()).containsExactly("interface eth1 is down, which is to hold 10.78.0.100/24");
        assertThat(has(11)).isFalse();
        awaitState(two, VrrpState.MASTER);
        await().until(() -> has(12));
        net.on(12, "ip link del eth1");
        awaitState(two, VrrpState.FAULT);
        assertThat(status(two).faults())
                .containsExactly("interface eth1 does not exist, which is to hold 10.78.0.100/24");
        net.on(11, "ip link set eth1 up");
        awaitState(one, VrrpState.MASTER);
        await().until(() -> has(11));
    }

    @Test
    void whoLosesAnAddresssDeviceResignsOnItsOwnInterface() {
        one.apply(List.of(spec().priority(200).and(onEth1()).build())).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().and(onEth1()).build())).join();
        await().until(() -> status(two).advertsReceived() > 0);
        net.on(11, "ip link set eth1 down");
        awaitState(two, VrrpState.MASTER);
        assertThat(second.transitions.getLast().reason()).isEqualTo(TransitionReason.MASTER_RESIGNED);
    }

    @Test
    void aDeviceThatIsNotTrackedIsToldOfAndWaitedFor() {
        net.on(11, "ip link del eth1");
        one.apply(List.of(spec().v3(TENTH).and(untracked()).build())).join();
        awaitState(one, VrrpState.MASTER);
        assertThat(first.troubles)
                .singleElement()
                .asString()
                .startsWith("eth1: 10.78.0.100/24 could not be added: ENODEV");
        assertThat(status(one).heldAddresses()).containsExactly(VipAddress.parse("10.77.0.100/24"));
        net.wire(11, "eth1", 13, "eth1");
        await().atMost(Duration.ofSeconds(5)).until(() -> has(11));
        assertThat(status(one).state()).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void anotherHolderOnTheDeviceIsAConflict() {
        one.apply(List.of(spec().v3(TENTH).and(onEth1()).build())).join();
        awaitState(one, VrrpState.MASTER);
        net.on(13, "ip addr add " + VIP + "/24 dev eth1");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(status(one).conflicts()).hasSize(1));
        assertThat(first.conflicts).singleElement().asString().startsWith(VIP + " is also held by ");
    }
}
