package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.engine.announce.Announcements;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.wire.RejectReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines on hosts in network namespaces: what the kernel really does. */
@Timeout(120)
class EngineOnHostsTest extends TwoEngines {
    private static final String VIP = "10.77.0.100";

    private void electFirst() {
        one.apply(List.of(spec().priority(200).v3(TENTH).build())).join();
        two.apply(List.of(spec().priority(100).v3(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        assertThat(status(two).state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void theHigherPriorityHoldsTheAddressAndTheOtherDoesNot() {
        electFirst();
        assertThat(net.hasAddress(11, VIP)).isTrue();
        assertThat(net.hasAddress(12, VIP)).isFalse();
        InstanceStatus status = status(one);
        assertThat(status.heldAddresses()).containsExactly(VipAddress.parse("10.77.0.100/24"));
        assertThat(status.masterAddress()).hasToString("Optional[10.77.0.11]");
        await().untilAsserted(() -> assertThat(status(two).masterAddress()).hasToString("Optional[10.77.0.11]"));
        assertThat(first.troubles).isEmpty();
        assertThat(second.troubles).isEmpty();
    }

    @Test
    void aSilentCutMovesTheAddressAndMendingGivesItBack() {
        electFirst();
        net.cut(11, true);
        awaitState(two, VrrpState.MASTER);
        assertThat(net.hasAddress(12, VIP)).isTrue();
        assertThat(second.transitions.getLast().reason()).isEqualTo(TransitionReason.MASTER_DOWN);
        net.cut(11, false);
        awaitState(two, VrrpState.BACKUP);
        assertThat(net.hasAddress(12, VIP)).isFalse();
        assertThat(net.hasAddress(11, VIP)).isTrue();
        assertThat(second.transitions.getLast().detail()).isEqualTo("10.77.0.11 has priority 200");
    }

    @Test
    void aPlannedStopHandsOverAtOnceAndLeavesNothingBehind() {
        electFirst();
        one.stop().join();
        awaitState(two, VrrpState.MASTER);
        assertThat(second.transitions.getLast().reason()).isEqualTo(TransitionReason.MASTER_RESIGNED);
        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(first.transitions.getLast().to()).isEqualTo(VrrpState.INIT);
    }

    @Test
    void neighboursLearnTheNewHolderAtOnce() {
        electFirst();
        net.on(13, "ip neigh replace " + VIP + " lladdr 02:00:0a:4d:00:0b dev eth0 nud stale");
        net.cut(11, true);
        awaitState(two, VrrpState.MASTER);
        assertThat(net.on(13, "ip neigh show " + VIP)).contains("02:00:0a:4d:00:0c");
    }

    @Test
    void anAddressThatSomebodyRemovesIsPutBack() {
        electFirst();
        net.on(11, "ip addr del 10.77.0.100/24 dev eth0");
        await().atMost(Duration.ofSeconds(2)).until(() -> net.hasAddress(11, VIP));
        assertThat(first.troubles)
                .singleElement()
                .asString()
                .startsWith("10.77.0.100/24 vanished from eth0")
                .containsPattern("removed by (ip \\(process \\d+\\)|process \\d+, which has ended)");
    }

    @Test
    void anAddressThatSomebodyRemovesAgainAndAgainIsPutBackOnceASecond() {
        electFirst();
        for (int i = 0; i < RepairLimit.AT_ONCE; i++) {
            await().until(() -> net.hasAddress(11, VIP));
            net.on(11, "ip addr del 10.77.0.100/24 dev eth0");
        }
        await().until(() -> net.hasAddress(11, VIP));
        net.on(11, "ip addr del 10.77.0.100/24 dev eth0");
        long at = System.nanoTime();
        await().pollInterval(Duration.ofMillis(10)).until(() -> net.hasAddress(11, VIP));
        assertThat(System.nanoTime() - at).isGreaterThan(RepairLimit.PAUSE_NANOS / 2);
        assertThat(first.troubles).anySatisfy(trouble -> assertThat(trouble).contains("it keeps vanishing"));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 50})
    void aReloadMovesAnAddressFromALaterInstanceToAnEarlierOne(int priorityOfTheSecond) {
        one.apply(List.of(
                        member("VI_1", 51).build(), second(priorityOfTheSecond).build()))
                .join();
        awaitMaster(one, "VI_1");
        if (priorityOfTheSecond == 50) {
            two.apply(List.of(second(200).addresses("10.77.0.109/24").build())).join();
            await().until(() -> one.status().join().getLast().state() == VrrpState.BACKUP);
        } else {
            awaitMaster(one, "VI_2");
        }
        one.apply(List.of(
                        member("VI_1", 51)
                                .addresses("10.77.0.100/24", "10.77.0.102/24")
                                .build(),
                        second(priorityOfTheSecond).addresses("10.77.0.103/24").build()))
                .join();
        assertThat(net.hasAddress(11, VIP)).isTrue();
        assertThat(net.hasAddress(11, "10.77.0.102")).isTrue();
        assertThat(first.troubles).noneMatch(trouble -> trouble.contains("vanished") || trouble.contains("removed"));
    }

    @Test
    void aRoleThatComesBackInAHandOverIsAnnouncedAnew() {
        Announcements noAnswers = new Announcements(
                1,
                Duration.ZERO,
                Duration.ZERO,
                0,
                Duration.ZERO,
                Duration.ofMinutes(10),
                1,
                Duration.ZERO,
                Duration.ZERO);
        one.apply(List.of(
                        spec().priority(200).v3(TENTH).announcements(noAnswers).build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().v3(TENTH).build())).join();
        await().until(() -> status(two).advertsReceived() > 0);
        net.on(13, "ip neigh replace " + VIP + " lladdr 02:00:0a:4d:00:0b dev eth0 nud stale");
        CompletableFuture<List<HandOverResult>> handOver = one.handOver(Optional.of("VI_1"));
        awaitState(one, VrrpState.BACKUP);
        two.stop().join();
        awaitState(one, VrrpState.MASTER);
        handOver.join();
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> assertThat(net.on(13, "ip neigh show " + VIP)).contains("02:00:0a:4d:00:0b"));
        assertThat(net.hasAddress(11, VIP)).isTrue();
    }

    private static SpecBuilder member(String name, int vrid) {
        return spec().name(name).vrid(vrid).v3(TENTH);
    }

    private static SpecBuilder second(int priority) {
        return member("VI_2", 52).priority(priority).addresses("10.77.0.102/24");
    }

    private static void awaitMaster(VrrpEngine engine, String instance) {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> engine.status().join().stream()
                        .anyMatch(
                                status -> status.spec().name().equals(instance) && status.state() == VrrpState.MASTER));
    }

    @Test
    void anInterfaceThatGetsAnotherNameKeepsNoAddress() {
        one.apply(List.of(spec().v3(TENTH).vipLifetime(Duration.ZERO).build())).join();
        awaitState(one, VrrpState.MASTER);
        net.on(11, "ip link set eth0 name wan0");
        awaitState(one, VrrpState.FAULT);
        assertThat(net.hasAddress(11, VIP)).isFalse();
        net.on(11, "ip link set wan0 name eth0");
        awaitState(one, VrrpState.MASTER);
        assertThat(net.hasAddress(11, VIP)).isTrue();
    }

    @Test
    void anAddressThatSomebodyAddsToABackupIsRemoved() {
        electFirst();
        net.on(12, "ip addr add 10.77.0.100/32 dev eth0");
        await().atMost(Duration.ofSeconds(2)).until(() -> !net.hasAddress(12, VIP));
    }

    @Test
    void anAddressLeftBehindByAKilledRunIsRemovedAtTheStart() {
        net.on(12, "ip addr add 10.77.0.100/24 dev eth0");
        two.apply(List.of(spec().build())).join();
        assertThat(net.hasAddress(12, VIP)).isFalse();
        assertThat(second.troubles).singleElement().asString().contains("not MASTER");
    }

    @Test
    void anOwnersOwnAddressIsAdoptedAndStays() {
        one.apply(List.of(spec().priority(255).addresses("10.77.0.11").build())).join();
        assertThat(status(one).state()).isEqualTo(VrrpState.MASTER);
        assertThat(net.on(11, "ip -o -4 addr show dev eth0").lines().count()).isEqualTo(1);
        one.stop().join();
        assertThat(net.hasAddress(11, "10.77.0.11")).isTrue();
    }

    @Test
    void anOwnersFloatingAddressIsReleased() {
        one.apply(List.of(spec().priority(255).build())).join();
        assertThat(net.hasAddress(11, VIP)).isTrue();
        one.stop().join();
        assertThat(net.hasAddress(11, VIP)).isFalse();
    }

    @Test
    void anOwnersAddressOfAnEarlierRunIsKnownAsOurs() {
        InstanceSpec owner = spec().priority(255).build();
        one.apply(List.of(owner)).join();
        // It finds the address there, as a run after a crash does, and must not take it for the host's own.
        RecordingListener third = new RecordingListener();
        try (VrrpEngine later = new VrrpEngine(third, net.threads(11))) {
            later.apply(List.of(owner)).join();
        }
        await().untilAsserted(() ->
                assertThat(first.troubles).singleElement().asString().contains("vanished"));
    }

    @Test
    void aLinkThatGoesDownIsAFaultUntilItIsBack() {
        electFirst();
        net.on(11, "ip link set eth0 down");
        awaitState(one, VrrpState.FAULT);
        assertThat(status(one).faults()).containsExactly("interface eth0 is down");
        assertThat(net.hasAddress(11, VIP)).isFalse();
        awaitState(two, VrrpState.MASTER);
        net.on(11, "ip link set eth0 up");
        awaitState(one, VrrpState.MASTER);
        assertThat(first.transitions)
                .extracting(RecordingListener.Transition::reason)
                .contains(TransitionReason.INTERFACE_DOWN, TransitionReason.FAULT_CLEARED);
    }

    @Test
    void aLinkThatLosesItsCarrierIsAFault() {
        electFirst();
        net.carrier(11, false);
        awaitState(one, VrrpState.FAULT);
        assertThat(status(one).faults()).containsExactly("interface eth0 has no carrier");
        net.carrier(11, true);
        awaitState(one, VrrpState.MASTER);
    }

    @Test
    void anInterfaceThatIsDeletedAndMadeAgainServesAgain() {
        electFirst();
        net.unplug(11);
        awaitState(one, VrrpState.FAULT);
        assertThat(status(one).faults()).containsExactly("interface eth0 does not exist");
        awaitState(two, VrrpState.MASTER);
        net.plug(11);
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.BACKUP);
        assertThat(net.hasAddress(11, VIP)).isTrue();
    }

    @Test
    void anInterfaceThatAppearsLaterIsWaitedFor() {
        one.apply(List.of(spec().on("late0").v3(TENTH).build())).join();
        assertThat(status(one).state()).isEqualTo(VrrpState.FAULT);
        net.on(11, "ip link add late0 type veth peer name late1");
        net.on(11, "ip link set late1 up");
        net.on(11, "ip link set late0 up");
        await().untilAsserted(() -> assertThat(status(one).faults())
                .containsExactly("interface late0 has no IPv4 address of its own to send advertisements from"));
        net.on(11, "ip addr add 10.78.0.1/24 dev late0");
        awaitState(one, VrrpState.MASTER);
    }

    @Test
    void aConfiguredSourceThatIsNotHereIsAFaultUntilItIs() {
        one.apply(List.of(spec().v3(TENTH).source("10.77.0.99").build())).join();
        assertThat(status(one).faults()).containsExactly("source address 10.77.0.99 is not on this host");
        net.on(11, "ip addr add 10.77.0.99/24 dev eth0");
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(spec().v3(TENTH).priority(50).build())).join();
        await().untilAsserted(() -> assertThat(status(two).masterAddress()).hasToString("Optional[10.77.0.99]"));
    }

    @Test
    void aFailedTrackerIsAFaultAndWeightsMoveTheRole() {
        electFirst();
        one.track("VI_1", new EffectivePriority(200, List.of("apiserver"))).join();
        assertThat(status(one).state()).isEqualTo(VrrpState.FAULT);
        assertThat(net.hasAddress(11, VIP)).isFalse();
        awaitState(two, VrrpState.MASTER);
        one.track("VI_1", new EffectivePriority(200, List.of())).join();
        awaitState(one, VrrpState.MASTER);
        one.track("VI_1", new EffectivePriority(50, List.of())).join();
        awaitState(two, VrrpState.MASTER);
        awaitState(one, VrrpState.BACKUP);
    }

    @Test
    void unicastPeersElectAndStrangersAreRefused() {
        one.apply(List.of(spec().priority(200).v3(TENTH).unicast("10.77.0.12").build()))
                .join();
        two.apply(List.of(spec().priority(100).v3(TENTH).unicast("10.77.0.11").build()))
                .join();
        awaitState(one, VrrpState.MASTER);
        await().untilAsserted(() -> assertThat(status(two).advertsReceived()).isPositive());
        two.apply(List.of(spec().priority(100).v3(TENTH).unicast("10.77.0.99").build()))
                .join();
        await().untilAsserted(() -> assertThat(second.rejected).contains(RejectReason.UNKNOWN_PEER));
    }

    @Test
    void anEmptyListOfPeersSaysNothing() {
        one.apply(List.of(spec().priority(200).v3(TENTH).unicast().build())).join();
        two.apply(List.of(spec().priority(100).v3(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.MASTER);
        assertThat(status(one).advertsSent()).isZero();
        assertThat(status(two).advertsReceived()).isZero();
    }

    @Test
    void aWrongPasswordIsRefusedAndCounted() {
        one.apply(List.of(spec().priority(255).pass("right").build())).join();
        two.apply(List.of(spec().priority(100).pass("wrong").build())).join();
        await().untilAsserted(() -> assertThat(status(two).rejected()).containsKey(RejectReason.AUTH_DATA));
        assertThat(status(two).advertsReceived()).isZero();
    }

    @Test
    void anUnknownVirtualRouterIdIsCountedForTheInterface() {
        one.apply(List.of(spec().priority(255).vrid(7).build())).join();
        two.apply(List.of(spec().build())).join();
        await().untilAsserted(() ->
                assertThat(two.rejectedByInterface().join().get("eth0")).containsKey(RejectReason.UNKNOWN_VRID));
    }

    @Test
    void aReloadKeepsWhatStaysAndMovesWhatChanges() {
        InstanceSpec unchanged =
                spec().name("VI_2").vrid(52).v3(TENTH).addresses("10.77.0.102").build();
        one.apply(List.of(spec().v3(TENTH).build(), unchanged)).join();
        awaitState(one, VrrpState.MASTER);
        await().until(() -> one.status().join().get(1).state() == VrrpState.MASTER);
        int before = first.transitions.size();

        one.apply(List.of(
                        spec().v3(TENTH)
                                .priority(150)
                                .addresses("10.77.0.100/24", "10.77.0.101")
                                .build(),
                        unchanged))
                .join();
        assertThat(first.transitions).hasSize(before);
        assertThat(net.hasAddress(11, VIP)).isTrue();
        assertThat(net.hasAddress(11, "10.77.0.101")).isTrue();

        one.apply(List.of(
                        spec().v3(TENTH).priority(150).addresses("10.77.0.101").build()))
                .join();
        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(net.hasAddress(11, "10.77.0.101")).isTrue();
        assertThat(net.hasAddress(11, "10.77.0.102")).isFalse();
        assertThat(first.transitions).hasSize(before + 1);
        assertThat(first.troubles).isEmpty();
    }

    @Test
    void excludedAddressesMoveToo() {
        one.apply(List.of(spec().v3(TENTH).excluded("10.77.0.200/24").build())).join();
        awaitState(one, VrrpState.MASTER);
        assertThat(net.hasAddress(11, "10.77.0.200")).isTrue();
        one.apply(List.of()).join();
        assertThat(net.hasAddress(11, "10.77.0.200")).isFalse();
        assertThat(net.hasAddress(11, VIP)).isFalse();
    }
}
