package dev.holdfast.vrrp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.netlink.AddressRequest;
import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.Link;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a table of addresses that answers as told. */
class VipKeeperTest {
    private static final int ETH0 = 3;
    private static final int LIFETIME = 4;
    private static final List<VipAddress> VIP = List.of(VipAddress.parse("10.77.0.100/24"));

    private final HostNetwork network = new HostNetwork();
    private final List<String> calls = new ArrayList<>();
    private int answer;
    private @Nullable AddressRequest added;
    private final VipKeeper keeper = new VipKeeper(network, new VipKeeper.AddressTable() {
        @Override
        public int add(AddressRequest address) {
            calls.add("add " + address);
            added = address;
            return answer;
        }

        @Override
        public int renew(AddressRequest address) {
            calls.add("renew " + address + " for " + address.lifetimeSeconds());
            return answer;
        }

        @Override
        public int remove(int ifindex, IpAddress address, int prefixLength) {
            calls.add("remove " + address + "/" + prefixLength);
            return answer;
        }
    });

    @BeforeEach
    void theHostHasItsOwnAddress() {
        there("10.77.0.11", 24, 0);
    }

    private void there(String address, int prefixLength, int protocol) {
        network.accept(new RouteMessage.AddressIs(
                new HostAddress(ETH0, IpAddress.parse(address), prefixLength, 0, 0, protocol)));
    }

    private AddressRequest added() {
        return Objects.requireNonNull(added);
    }

    private boolean has(String address) {
        return network.has(ETH0, IpAddress.parse(address));
    }

    @Test
    void addsWhatIsMissingAndNothingTwice() {
        assertThat(keeper.hold(_ -> ETH0, VIP, LIFETIME).added()).isEqualTo(VIP);
        assertThat(keeper.hold(_ -> ETH0, VIP, LIFETIME).added()).isEmpty();
        assertThat(calls).containsExactly("add 10.77.0.100/24");
    }

    @Test
    void adoptsWhatIsThereWithAnotherPrefix() {
        there("10.77.0.100", 32, 0);
        assertThat(keeper.hold(_ -> ETH0, VIP, LIFETIME).added()).isEmpty();
        assertThat(calls).isEmpty();
        keeper.release(_ -> ETH0, VIP, false);
        assertThat(calls).containsExactly("remove 10.77.0.100/32");
    }

    @Test
    void takesAnAddressThatTheKernelAlreadyHasAsHeld() {
        answer = -Errno.EEXIST.number();
        VipKeeper.Outcome outcome = keeper.hold(_ -> ETH0, VIP, LIFETIME);
        assertThat(outcome.added()).isEmpty();
        assertThat(outcome.isComplete()).isTrue();
        assertThat(has("10.77.0.100")).isTrue();
    }

    @Test
    void tellsWhatTheKernelRefuses() {
        answer = -Errno.EPERM.number();
        assertThat(keeper.hold(_ -> ETH0, VIP, LIFETIME).failed())
                .containsExactly(new VipKeeper.Failure(VIP.getFirst(), VipKeeper.Change.ADD, -Errno.EPERM.number()));
        assertThat(has("10.77.0.100")).isFalse();
    }

    @Test
    void anAddressThatIsGoneAlreadyOrWithItsInterfaceIsReleased() {
        for (Errno gone : List.of(Errno.EADDRNOTAVAIL, Errno.ENODEV)) {
            there("10.77.0.100", 24, HostAddress.HOLDFAST);
            answer = -gone.number();
            VipKeeper.Outcome outcome = keeper.release(_ -> ETH0, VIP, false);
            assertThat(outcome.isComplete()).isTrue();
            assertThat(outcome.removed()).isEmpty();
            assertThat(has("10.77.0.100")).isFalse();
        }
    }

    @Test
    void releasesNothingThatIsNotThere() {
        keeper.release(_ -> ETH0, VIP, false);
        assertThat(calls).isEmpty();
    }

    @Test
    void atTheEndOfTheRoleTheKernelIsAskedToRemoveAlsoWhatIsNotKnown() {
        answer = -Errno.EADDRNOTAVAIL.number();
        keeper.releaseUnknown(_ -> ETH0, VIP);
        assertThat(calls).containsExactly("remove 10.77.0.100/24");
        calls.clear();
        there("10.77.0.100", 24, HostAddress.HOLDFAST);
        keeper.releaseUnknown(_ -> ETH0, VIP);
        keeper.releaseUnknown(_ -> 0, VIP);
        assertThat(calls).isEmpty();
    }

    @Test
    void anInterfaceForAVirtualMacMayLoseItsOnlyAddressAlsoWhereTheKernelKeepsNoMark() {
        String alias = new LinkMark(1, Optional.empty(), "VI_1").toString();
        network.accept(new RouteMessage.LinkIs(
                new Link(9, "vrrp.51", 0, 0x00005e000133L, new Link.Macvlan(ETH0, Link.Macvlan.BRIDGE, alias))));
        network.accept(
                new RouteMessage.AddressIs(new HostAddress(9, VIP.getFirst().address(), 24, 0, 0, 0)));
        keeper.release(_ -> 9, VIP, false);
        assertThat(calls).containsExactly("remove 10.77.0.100/24");
    }

    @Test
    void anOwnerKeepsTheHostsOwnAddressAndReleasesOurs() {
        there("10.77.0.100", 24, 0);
        keeper.release(_ -> ETH0, VIP, true);
        assertThat(calls).isEmpty();
        there("10.77.0.100", 24, HostAddress.HOLDFAST);
        keeper.release(_ -> ETH0, VIP, true);
        assertThat(calls).containsExactly("remove 10.77.0.100/24");
    }

    @Test
    void theOnlyAddressOfAnInterfaceIsTheHostsOwn() {
        List<VipAddress> own = List.of(VipAddress.parse("10.77.0.11/24"));
        keeper.release(_ -> ETH0, own, false);
        assertThat(calls).isEmpty();
    }

    @Test
    void renewsWhatIsOursOrHasALifetimeAndNothingElse() {
        HostAddress vip = new HostAddress(ETH0, VIP.getFirst().address(), 24, HostAddress.IFA_F_PERMANENT, 0, 0);
        network.accept(new RouteMessage.AddressIs(vip));
        keeper.renew(_ -> ETH0, VIP, LIFETIME);
        assertThat(calls).isEmpty();
        // A kernel that knows no IFA_PROTO tells nobody's: its lifetime tells that it is ours.
        there("10.77.0.100", 24, 0);
        keeper.renew(_ -> ETH0, VIP, LIFETIME);
        there("10.77.0.100", 24, HostAddress.HOLDFAST);
        keeper.renew(_ -> ETH0, VIP, 0);
        assertThat(calls).containsExactly("renew 10.77.0.100/24 for 4", "renew 10.77.0.100/24 for 0");
    }

    @Test
    void renewsNothingThatIsNotThere() {
        keeper.renew(_ -> ETH0, VIP, LIFETIME);
        assertThat(calls).isEmpty();
    }

    @Test
    void tellsWhatCouldNotBeRenewed() {
        there("10.77.0.100", 24, HostAddress.HOLDFAST);
        answer = -Errno.ENODEV.number();
        assertThat(keeper.renew(_ -> ETH0, VIP, LIFETIME).failed())
                .containsExactly(new VipKeeper.Failure(VIP.getFirst(), VipKeeper.Change.RENEW, -Errno.ENODEV.number()));
    }

    @Test
    void anAddressIsAddedOnItsOwnDeviceWithItsOptions() {
        int eth1 = 4;
        IpAddress broadcast = IpAddress.parse("10.77.1.255");
        VipAddress vip = VipAddress.parse("10.77.1.100/24")
                .with(new AddressOptions(
                        Optional.of("eth1"),
                        true,
                        Optional.of("eth1:vip"),
                        253,
                        Optional.of(broadcast),
                        false,
                        Optional.of(true)));
        keeper.hold(
                on -> on.options().device().isPresent() ? eth1 : ETH0,
                List.of(VipAddress.parse("10.77.0.100/24"), vip),
                LIFETIME);
        assertThat(added())
                .isEqualTo(new AddressRequest(
                        new HostAddress(
                                eth1, vip.address(), 24, HostAddress.IFA_F_NOPREFIXROUTE, 253, HostAddress.HOLDFAST),
                        Optional.of("eth1:vip"),
                        Optional.of(broadcast),
                        LIFETIME,
                        true));
        assertThat(has("10.77.0.100")).isTrue();
        assertThat(network.has(eth1, vip.address())).isTrue();
    }

    @Test
    void aDeviceThatIsMissingFailsItsAddressesAlone() {
        VipAddress elsewhere =
                VipAddress.parse("10.77.1.100/24").with(AddressOptions.none().on("eth1"));
        VipKeeper.Outcome outcome =
                keeper.hold(vip -> vip.equals(elsewhere) ? 0 : ETH0, List.of(elsewhere, VIP.getFirst()), LIFETIME);
        assertThat(outcome.failed())
                .containsExactly(new VipKeeper.Failure(elsewhere, VipKeeper.Change.ADD, -Errno.ENODEV.number()));
        assertThat(calls).containsExactly("add 10.77.0.100/24");
    }

    @Test
    void aDeviceForVirtualAddressesNeedNotKeepAny() {
        // A kernel that tells nobody's, as before Linux 5.18.
        there("10.77.0.11", 24, 0);
        VipAddress vip =
                VipAddress.parse("10.77.0.11/24").with(AddressOptions.none().on("eth1"));
        keeper.release(_ -> ETH0, List.of(vip), false);
        assertThat(calls).containsExactly("remove 10.77.0.11/24");
    }

    @Test
    void anIpv6HostAddressIsDeprecatedUnlessToldOtherwise() {
        VipAddress host = VipAddress.parse("fd00:77::100");
        AddressOptions none = AddressOptions.none();
        assertThat(host.isDeprecated()).isTrue();
        assertThat(host.with(new AddressOptions(
                                none.device(), true, none.label(), 0, none.broadcast(), true, Optional.of(false)))
                        .isDeprecated())
                .isFalse();
        assertThat(VipAddress.parse("fd00:77::100/64").isDeprecated()).isFalse();
        assertThat(VipAddress.parse("10.77.0.100").isDeprecated()).isFalse();
    }

    @Test
    void anIpv6AddressBringsNoRouteWhereTheHostHasOneOfThePrefix() {
        there("fd00:77::11", 64, 0);
        keeper.hold(_ -> ETH0, List.of(VipAddress.parse("fd00:77::100/64")), LIFETIME);
        assertThat(added().entry().flags()).isEqualTo(HostAddress.IFA_F_NODAD | HostAddress.IFA_F_NOPREFIXROUTE);
        keeper.hold(_ -> ETH0, List.of(VipAddress.parse("fd00:78::100/64")), LIFETIME);
        assertThat(added().entry().flags()).isEqualTo(HostAddress.IFA_F_NODAD);
        keeper.hold(_ -> ETH0, List.of(VipAddress.parse("fd00:77::101/128")), LIFETIME);
        assertThat(added().entry().flags()).isEqualTo(HostAddress.IFA_F_NODAD);
    }
}
