package dev.holdfast.vrrp.engine;

import static dev.holdfast.vrrp.engine.SpecBuilder.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.vrrp.engine.HandOverResult.Outcome;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hand-overs between engines on hosts in network namespaces; the addresses as the kernel has them. */
@Timeout(120)
class HandOverOnHostsTest {
    private static final String VIP = "10.77.0.100";
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(15);

    private TestNet net;
    private final RecordingListener first = new RecordingListener();
    private final RecordingListener second = new RecordingListener();
    private VrrpEngine one;
    private VrrpEngine two;

    @BeforeEach
    void startHosts() {
        TestNet.assumePossible();
        net = new TestNet(11, 12);
        one = new VrrpEngine(first, net.threads(11));
        two = new VrrpEngine(second, net.threads(12));
    }

    @AfterEach
    void stopHosts() {
        if (net != null) {
            one.close();
            two.close();
            net.close();
        }
    }

    private static SpecBuilder router(int priority) {
        return spec().priority(priority).v3(TENTH).excluded("10.77.0.101/24");
    }

    private static VrrpState state(VrrpEngine engine) {
        return engine.status().join().getFirst().state();
    }

    private static void awaitState(VrrpEngine engine, VrrpState state) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(SOON)
                .untilAsserted(() -> assertThat(state(engine)).isEqualTo(state));
    }

    private void elect(SpecBuilder high, SpecBuilder low) {
        one.apply(List.of(high.build())).join();
        awaitState(one, VrrpState.MASTER);
        two.apply(List.of(low.build())).join();
        await().atMost(SOON).until(() -> two.status().join().getFirst().advertsReceived() > 0);
    }

    private static HandOverResult handOver(VrrpEngine engine) {
        return engine.handOver(Optional.of("VI_1")).join().getFirst();
    }

    @Test
    void theSuccessorIsNamedAndObeyedAlthoughItsPriorityIsLower() {
        elect(router(200), router(100));

        HandOverResult result = handOver(one);

        assertThat(result.outcome()).isEqualTo(Outcome.HANDED_OVER);
        assertThat(result.successor()).hasToString("Optional[10.77.0.12]");
        assertThat(result.took()).isLessThan(SOON);
        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(net.hasAddress(12, VIP)).isTrue();
        assertThat(first.transitions.getLast())
                .isEqualTo(new RecordingListener.Transition(
                        "VI_1",
                        VrrpState.MASTER,
                        VrrpState.BACKUP,
                        TransitionReason.HANDED_OVER,
                        "10.77.0.12 took over with priority 100"));
        // Longer than it would take to preempt.
        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> state(one) == VrrpState.BACKUP);
        assertThat(first.troubles).isEmpty();
        assertThat(first.conflicts).isEmpty();
        assertThat(second.conflicts).isEmpty();
    }

    @Test
    void aReloadOfWhatIsUnchangedEndsTheObedience() {
        elect(router(200), router(100));
        handOver(one);

        one.apply(List.of(router(200).build())).join();

        awaitState(one, VrrpState.MASTER);
        assertThat(first.transitions.getLast().reason()).isEqualTo(TransitionReason.PREEMPTED_LOWER_PRIORITY);
    }

    @Test
    void aSuccessorThatDiesGivesTheRoleBack() {
        elect(router(200), router(100));
        handOver(one);

        net.cut(12, true);

        awaitState(one, VrrpState.MASTER);
        assertThat(first.transitions.getLast().reason()).isEqualTo(TransitionReason.MASTER_DOWN);
    }

    @Test
    void withNobodyToFollowTheAddressesNeverLeave() {
        one.apply(List.of(router(200).build())).join();
        awaitState(one, VrrpState.MASTER);
        int before = first.transitions.size();

        CompletableFuture<List<HandOverResult>> ordered = one.handOver(Optional.empty());
        while (!ordered.isDone()) {
            assertThat(net.hasAddress(11, VIP)).isTrue();
            assertThat(state(one)).isEqualTo(VrrpState.MASTER);
        }

        assertThat(ordered.join()).singleElement().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(Outcome.NOBODY_FOLLOWED);
            assertThat(result.state()).isEqualTo(VrrpState.MASTER);
        });
        assertThat(first.transitions).hasSize(before);
        assertThat(first.troubles).isEmpty();
        long adverts = one.status().join().getFirst().advertsSent();
        await().atMost(SOON).until(() -> one.status().join().getFirst().advertsSent() > adverts);
    }

    @Test
    void whoIsNotMasterHasNothingToHandOver() {
        elect(router(200), router(100));

        assertThat(handOver(two)).isEqualTo(HandOverResult.refused("VI_1", Outcome.NOT_MASTER, VrrpState.BACKUP));
        assertThat(two.handOver(Optional.empty()).join()).isEmpty();
        assertThatThrownBy(() -> two.handOver(Optional.of("VI_9")).join())
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("VI_9")
                .hasMessageContaining("VI_1");
    }

    @Test
    void anAddressOfTheHostItselfStays() {
        net.on(11, "ip addr add " + VIP + "/24 dev eth0");
        one.apply(List.of(spec().priority(255).v3(TENTH).build())).join();
        awaitState(one, VrrpState.MASTER);

        assertThat(handOver(one).outcome()).isEqualTo(Outcome.OWN_ADDRESSES);
        assertThat(state(one)).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void whoLeavesHoldsTheAddressesUntilTheOtherHasThem() {
        elect(router(200), router(100));

        CompletableFuture<Void> gone = one.leave(SOON);
        while (!gone.isDone()) {
            // In this order: the second may only be looked at after the first is seen to have lost it.
            assertThat(net.hasAddress(11, VIP) || net.hasAddress(12, VIP)).isTrue();
        }

        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(net.hasAddress(12, VIP)).isTrue();
        assertThat(first.transitions.getLast())
                .isEqualTo(new RecordingListener.Transition(
                        "VI_1",
                        VrrpState.MASTER,
                        VrrpState.INIT,
                        TransitionReason.STOPPED,
                        "10.77.0.12 took over with priority 100"));
    }

    @Test
    void aBackupThatLeavesSaysNothingOfASuccessor() {
        one.apply(List.of(router(200).build())).join();
        two.apply(List.of(router(100).build())).join();
        awaitState(one, VrrpState.MASTER);
        awaitState(two, VrrpState.BACKUP);

        two.leave(SOON).join();

        assertThat(second.transitions.getLast().reason()).isEqualTo(TransitionReason.STOPPED);
        assertThat(second.transitions.getLast().detail()).isEmpty();
    }

    @Test
    void leavingWithNobodyToFollowEnds() {
        one.apply(List.of(router(200).build())).join();
        awaitState(one, VrrpState.MASTER);

        one.leave(SOON).join();

        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(first.transitions.getLast().detail()).isEqualTo("nobody took over");
    }

    @Test
    void leavingDoesNotTakeLongerThanItMay() {
        one.apply(List.of(spec().priority(200).build())).join();
        awaitState(one, VrrpState.MASTER);
        long at = System.nanoTime();

        one.leave(TENTH).join();

        assertThat(System.nanoTime() - at).isLessThan(Duration.ofSeconds(2).toNanos());
        assertThat(net.hasAddress(11, VIP)).isFalse();
    }

    @Test
    void aFaultInTheMiddleReleasesAtOnce() {
        one.apply(List.of(router(200).build())).join();
        awaitState(one, VrrpState.MASTER);
        CompletableFuture<List<HandOverResult>> ordered = one.handOver(Optional.of("VI_1"));

        one.track("VI_1", new EffectivePriority(200, List.of("out of order"))).join();

        assertThat(ordered.join().getFirst().outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(net.hasAddress(11, VIP)).isFalse();
        assertThat(state(one)).isEqualTo(VrrpState.FAULT);
    }

    @Test
    void ipv6AddressesAreHandedOverToo() {
        net.enableIpv6(11, 12);
        elect(spec().priority(200).ipv6(TENTH), spec().priority(100).ipv6(TENTH));

        long at = System.nanoTime();
        HandOverResult result = handOver(one);
        assertThat(result.outcome()).isEqualTo(Outcome.HANDED_OVER);
        // The successor's neighbour advertisement was heard: not after the time that is waited for it in vain.
        assertThat(System.nanoTime() - at - result.took().toNanos()).isLessThan(VirtualRouter.ANNOUNCEMENT_NANOS);
        assertThat(net.hasIpv6Address(11, "fd00:77::100")).isFalse();
        assertThat(net.hasIpv6Address(12, "fd00:77::100")).isTrue();
        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> state(one) == VrrpState.BACKUP);
    }
}
