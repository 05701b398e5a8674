package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.engine.ffi.Ipv6Layouts;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.ffi.Linux;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.AdvertisementCodec;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.RejectReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Virtual routers over IPv6, alone and beside those over IPv4. */
@Timeout(120)
class Ipv6OnHostsTest extends TwoEngines {
    private static final String VIP = "fd00:77::100";
    private static final IpAddress FIRST = IpAddress.parse("fe80::aff:fe4d:b");

    @Override
    void prepare(TestNet hosts) {
        hosts.enableIpv6(11, 12, 13);
    }

    private void electFirst() {
        one.apply(List.of(spec().priority(200).ipv6(TENTH).build())).join();
        two.apply(List.of(spec().priority(100).ipv6(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        await().until(() -> status(two).advertsReceived() > 0);
    }

    @Test
    void theHigherPriorityHoldsTheAddressAndSpeaksFromItsLinkLocalOne() {
        electFirst();
        assertThat(net.hasIpv6Address(11, VIP)).isTrue();
        assertThat(net.hasIpv6Address(12, VIP)).isFalse();
        assertThat(net.on(11, "ip -6 addr show dev eth0 to " + VIP))
                .contains("nodad")
                .doesNotContain("tentative");
        assertThat(status(two))
                .returns(VrrpState.BACKUP, InstanceStatus::state)
                .returns(java.util.Optional.of(FIRST), InstanceStatus::masterAddress);
        assertThat(status(two).rejected()).isEmpty();
        assertThat(first.troubles).isEmpty();
        assertThat(second.troubles).isEmpty();
    }

    @Test
    void theHostsOwnRouteDoesNotGetTheLifetimeOfTheAddress() {
        electFirst();
        assertThat(net.on(11, "ip -6 addr show dev eth0 to " + VIP)).contains("valid_lft 1sec");
        assertThat(net.on(11, "ip -6 route show fd00:77::/64"))
                .contains("dev eth0")
                .doesNotContain("expires");
        await().during(Duration.ofMillis(1_500)).atMost(Duration.ofSeconds(5)).until(() -> net.hasIpv6Address(11, VIP));
        one.stop().join();
        assertThat(net.hasIpv6Address(11, VIP)).isFalse();
        assertThat(net.on(11, "ip -6 route show fd00:77::/64"))
                .contains("dev eth0")
                .doesNotContain("expires");
    }

    @Test
    void aSilentCutMovesTheAddressAndNeighboursLearnIt() {
        electFirst();
        net.on(13, "ip -6 neigh replace " + VIP + " lladdr 02:00:0a:4d:00:0b dev eth0 nud stale");
        net.cut(11, true);
        awaitState(two, VrrpState.MASTER);
        assertThat(net.hasIpv6Address(12, VIP)).isTrue();
        await().atMost(Duration.ofSeconds(2))
                .until(() -> net.on(13, "ip -6 neigh show " + VIP).contains("02:00:0a:4d:00:0c"));
        net.cut(11, false);
        awaitState(two, VrrpState.BACKUP);
        assertThat(net.hasIpv6Address(12, VIP)).isFalse();
    }

    @Test
    void bothFamiliesRunSideBySideWithOneRouterId() {
        one.apply(List.of(
                        spec().v3(TENTH).excluded("fd00:77::200/64").build(),
                        spec().name("VI_6").ipv6(TENTH).build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        assertThat(net.hasAddress(11, "10.77.0.100")).isTrue();
        assertThat(net.hasIpv6Address(11, VIP)).isTrue();
        assertThat(net.hasIpv6Address(11, "fd00:77::200")).isTrue();
        one.apply(List.of(spec().v3(TENTH).excluded("fd00:77::200/64").build())).join();
        assertThat(net.hasIpv6Address(11, VIP)).isFalse();
        assertThat(net.hasAddress(11, "10.77.0.100")).isTrue();
        assertThat(first.transitions).hasSize(5);
    }

    @Test
    void anExcludedIpv6AddressOfAnIpv4InstanceIsAnnouncedToo() {
        net.on(13, "ip -6 neigh replace fd00:77::200 lladdr 02:00:0a:4d:00:77 dev eth0 nud stale");
        one.apply(List.of(spec().v3(TENTH).excluded("fd00:77::200/64").build())).join();
        awaitState(one, VrrpState.MASTER);
        await().atMost(Duration.ofSeconds(2))
                .until(() -> net.on(13, "ip -6 neigh show fd00:77::200").contains("02:00:0a:4d:00:0b"));
    }

    @Test
    void unicastPeersElect() {
        one.apply(List.of(spec().priority(200)
                        .ipv6(TENTH)
                        .unicast("fd00:77::12")
                        .source("fd00:77::11")
                        .build()))
                .join();
        two.apply(List.of(spec().priority(100)
                        .ipv6(TENTH)
                        .unicast("fd00:77::11")
                        .source("fd00:77::12")
                        .build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        await().until(() -> status(two).advertsReceived() > 0);
        assertThat(status(two).state()).isEqualTo(VrrpState.BACKUP);
        assertThat(status(two).rejected()).isEmpty();
    }

    @Test
    void whatHasPassedARouterOrHasAWrongChecksumIsRefused() {
        one.apply(List.of(spec().ipv6(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        byte[] wrongChecksum = {
            0x31, 51, (byte) 200, 1, 0, 10, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
        };
        send(wrongChecksum, 64);
        await().until(() -> status(one).rejected().containsKey(RejectReason.TTL));
        send(wrongChecksum, AdvertisementCodec.HOP_LIMIT);
        await().until(() -> status(one).rejected().containsKey(RejectReason.CHECKSUM));
        assertThat(status(one))
                .returns(VrrpState.MASTER, InstanceStatus::state)
                .returns(0L, InstanceStatus::advertsReceived);
    }

    /** From host 12 to host 11. */
    private void send(byte[] message, int hopLimit) {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        net.threads(12)
                .newThread(() -> {
                    try (Arena arena = Arena.ofConfined()) {
                        Libc libc = new Libc(arena);
                        int fd = libc.socket(Linux.AF_INET6, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.IPPROTO_VRRP);
                        libc.setsockopt(fd, Linux.IPPROTO_IPV6, Linux.IPV6_UNICAST_HOPS, hopLimit);
                        MemorySegment data = arena.allocate(message.length, 8).copyFrom(MemorySegment.ofArray(message));
                        IpAddress to = IpAddress.parse("fd00:77::11");
                        sent.complete(libc.sendto(
                                fd, data, message.length, 0, Ipv6Layouts.sockaddr(arena, to.high(), to.low(), 0)));
                        libc.close(fd);
                    } catch (RuntimeException e) {
                        sent.completeExceptionally(e);
                    }
                })
                .start();
        assertThat(sent.join()).isEqualTo(message.length);
    }

    @Test
    void withoutALinkLocalAddressItIsAFaultUntilThereIsOne() {
        net.on(11, "ip -6 addr flush dev eth0 scope link");
        one.apply(List.of(spec().ipv6(TENTH).build())).join();
        assertThat(status(one).faults())
                .containsExactly(
                        "interface eth0 has no link-local IPv6 address of its own to send advertisements from");
        net.on(11, "ip addr add fe80::11/64 dev eth0 nodad");
        awaitState(one, VrrpState.MASTER);
    }
}
