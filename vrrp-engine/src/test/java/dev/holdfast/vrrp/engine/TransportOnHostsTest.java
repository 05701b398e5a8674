package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Multicast groups and unicast TTLs as the kernel really sends and hands them over. */
@Timeout(120)
class TransportOnHostsTest extends TwoEngines {
    private static final Duration SLOW = Duration.ofSeconds(30);

    @Override
    void prepare(TestNet hosts) {
        hosts.enableIpv6(11, 12);
    }

    private static SpecBuilder other(SpecBuilder spec) {
        return spec.name("VI_2").vrid(52).addresses("10.77.0.102/24");
    }

    @Test
    void twoInstancesWithDifferentGroupsShareAnInterface() {
        one.apply(List.of(
                        spec().priority(200).v3(TENTH).build(),
                        other(spec())
                                .priority(200)
                                .v3(TENTH)
                                .group("224.0.0.99")
                                .build()))
                .join();
        two.apply(List.of(
                        spec().v3(TENTH).build(),
                        other(spec()).v3(TENTH).group("224.0.0.99").build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        await().untilAsserted(() -> assertThat(two.status().join())
                .allSatisfy(status -> assertThat(status.advertsReceived()).isGreaterThan(3)));
        awaitState(two, VrrpState.BACKUP);
        assertThat(net.on(12, "ip -4 maddr show dev eth0")).contains("224.0.0.18", "224.0.0.99");

        // Whoever goes to another group leaves the one that nobody here needs any more.
        two.apply(List.of(
                        spec().v3(TENTH).build(),
                        other(spec()).v3(TENTH).group("224.0.0.98").build()))
                .join();
        assertThat(net.on(12, "ip -4 maddr show dev eth0"))
                .contains("224.0.0.18", "224.0.0.98")
                .doesNotContain("224.0.0.99");
        await().until(() -> two.status().join().getLast().state() == VrrpState.MASTER);
        assertThat(two.status().join().getFirst().state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void whatIsForAnotherGroupIsRefusedThoughThisHostHearsIt() {
        one.apply(List.of(spec().priority(255).v3(TENTH).group("224.0.0.99").build()))
                .join();
        two.apply(List.of(
                        spec().v3(TENTH).build(),
                        other(spec()).v3(TENTH).group("224.0.0.99").build()))
                .join();
        await().untilAsserted(() -> assertThat(status(two).rejected().getOrDefault(RejectReason.DESTINATION, 0L))
                .isPositive());
        assertThat(status(two).advertsReceived()).isZero();
    }

    @Test
    void ipv6HasItsOwnGroupToo() {
        one.apply(List.of(spec().ipv6(TENTH).priority(200).group("ff02::99").build()))
                .join();
        two.apply(List.of(spec().ipv6(TENTH).group("ff02::99").build())).join();
        awaitState(one, VrrpState.MASTER);
        await().untilAsserted(() -> assertThat(status(two).advertsReceived()).isGreaterThan(3));
        assertThat(status(two).state()).isEqualTo(VrrpState.BACKUP);
        assertThat(net.on(12, "ip -6 maddr show dev eth0")).contains("ff02::99").doesNotContain("ff02::12");
    }

    private static SpecBuilder base(boolean ipv6) {
        return ipv6 ? spec().ipv6(TENTH) : spec().v3(TENTH);
    }

    private static String host(boolean ipv6, int number) {
        return ipv6 ? "fd00:77::" + number : "10.77.0." + number;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unicastIsSentWithTheConfiguredTtlAndJudgedByThePeersRange(boolean ipv6) {
        one.apply(List.of(base(ipv6)
                        .priority(200)
                        .unicast(host(ipv6, 12), 64, 255, 255)
                        .source(host(ipv6, 11))
                        .build()))
                .join();
        SpecBuilder receiver = base(ipv6).unicast(host(ipv6, 11), 255, 64, 64).source(host(ipv6, 12));
        two.apply(List.of(receiver.build())).join();
        awaitState(one, VrrpState.MASTER);
        await().untilAsserted(() -> assertThat(status(two).advertsReceived()).isGreaterThan(3));
        assertThat(status(two).state()).isEqualTo(VrrpState.BACKUP);
        assertThat(status(two).rejected()).isEmpty();

        two.apply(List.of(receiver.unicast(host(ipv6, 11), 255, 65, 255)
                        .source(host(ipv6, 12))
                        .build()))
                .join();
        awaitState(two, VrrpState.MASTER);
        assertThat(status(two).rejected()).containsOnlyKeys(RejectReason.TTL);
    }

    @Test
    void aSourceOfMulticastMayBeAnyAddressOfThisHost() {
        net.on(11, "ip addr add 10.77.0.51/24 dev eth0");
        one.apply(List.of(spec().priority(255).v3(TENTH).source("10.77.0.51").build()))
                .join();
        two.apply(List.of(spec().v3(TENTH).build())).join();
        await().untilAsserted(() -> assertThat(status(two).masterAddress()).hasToString("Optional[10.77.0.51]"));
    }

    @Test
    void strictRefusesAnAdvertWithOtherAddressesAndTheUsualOnlyTellsOfIt() {
        one.apply(List.of(spec().priority(200).v3(TENTH).addresses("10.77.0.99").build()))
                .join();
        two.apply(List.of(spec().v3(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        await().untilAsserted(() -> assertThat(second.troubles).hasSize(1));
        assertThat(status(two).state()).isEqualTo(VrrpState.BACKUP);

        two.apply(List.of(spec().v3(TENTH).checks(true, false).build())).join();
        awaitState(two, VrrpState.MASTER);
        assertThat(status(two).rejected()).containsOnlyKeys(RejectReason.ADDRESS_LIST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMasterGivesWayWithALastWordOrWithout(boolean lastWord) {
        one.apply(List.of(spec().priority(255)
                        .v3(SLOW)
                        .rivals(new Rivals(false, lastWord))
                        .build()))
                .join();
        // As an owner too; its address is the higher one.
        two.apply(List.of(spec().priority(255).v3(TENTH).build())).join();
        awaitState(one, VrrpState.BACKUP);
        assertThat(status(one).advertsSent()).isEqualTo(lastWord ? 2 : 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMasterAnswersALosingRivalAtOnceOrKeepsSilent(boolean silent) {
        two.apply(List.of(spec().priority(255)
                        .v3(SLOW)
                        .rivals(new Rivals(silent, true))
                        .build()))
                .join();
        one.apply(List.of(spec().priority(255).v3(TENTH).build())).join();
        if (silent) {
            await().untilAsserted(
                            () -> assertThat(status(two).advertsReceived()).isGreaterThan(5));
            assertThat(status(two).advertsSent()).isEqualTo(1);
            assertThat(status(one).state()).isEqualTo(VrrpState.MASTER);
        } else {
            awaitState(one, VrrpState.BACKUP);
        }
        assertThat(status(two).state()).isEqualTo(VrrpState.MASTER);
    }
}
