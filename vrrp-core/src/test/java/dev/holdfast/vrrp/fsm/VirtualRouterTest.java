package dev.holdfast.vrrp.fsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.vrrp.fsm.VrrpAction.SendAdvert;
import dev.holdfast.vrrp.fsm.VrrpAction.StateChanged;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stories that take more than one event; single steps are in {@link VirtualRouterTableTest}. */
class VirtualRouterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final long T0 = 77 * SECOND;
    private static final IpAddress OWN = IpAddress.parse("10.0.0.5");
    private static final IpAddress OTHER = IpAddress.parse("10.0.0.9");

    private final List<VrrpAction> actions = new ArrayList<>();

    @Test
    void aHigherPriorityTakesOver() {
        VirtualRouter router = started(v3(150));
        for (int i = 1; i <= 3; i++) {
            advert(router, T0 + i * SECOND, 100, SECOND);
        }
        long due = T0 + 3 * SECOND + 106 * SECOND / 256;
        assertThat(router.deadlineNanos()).isEqualTo(due);

        router.timerExpired(due);

        assertThat(lastChange().reason()).isEqualTo(TransitionReason.PREEMPTED_LOWER_PRIORITY);
        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void aResignationIsFollowedByTheTakeoverAfterSkewTime() {
        VirtualRouter router = started(v3(100));
        advert(router, T0 + SECOND, 200, SECOND / 10);
        advert(router, T0 + SECOND + MILLI, 0, SECOND);
        // The skew is one of the interval adopted before: a resignation has none of its own to adopt.
        long due = T0 + SECOND + MILLI + 156 * (SECOND / 10) / 256;
        assertThat(router.deadlineNanos()).isEqualTo(due);

        router.timerExpired(due);

        assertThat(lastChange().reason()).isEqualTo(TransitionReason.MASTER_RESIGNED);
    }

    @Test
    void aSuccessorThatIsHeardInTimeEndsTheWaitAfterAResignation() {
        VirtualRouter router = started(v3(100));
        advert(router, T0, 200, SECOND);
        advert(router, T0 + 1, 0, SECOND);
        advert(router, T0 + 2, 150, SECOND);

        router.timerExpired(T0 + SECOND);
        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);

        router.timerExpired(router.deadlineNanos());
        assertThat(lastChange().reason()).isEqualTo(TransitionReason.MASTER_DOWN);
    }

    @Test
    void withoutPreemptionALivingMasterKeepsTheRole() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 150, SECOND, false, 0, VrrpState.BACKUP));
        for (int i = 1; i <= 20; i++) {
            advert(router, T0 + i * SECOND, 100, SECOND);
            router.timerExpired(T0 + i * SECOND + SECOND / 2);
        }

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 23 * SECOND + 106 * SECOND / 256);
    }

    @Test
    void withoutPreemptionASilentMasterIsReplaced() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 150, SECOND, false, 0, VrrpState.BACKUP));
        advert(router, T0, 100, SECOND);

        router.timerExpired(T0 + 4 * SECOND);

        assertThat(lastChange().reason()).isEqualTo(TransitionReason.MASTER_DOWN);
    }

    @Test
    void withoutPreemptionTwoMastersStillBecomeOne() {
        RouterSettings settings = new RouterSettings(VrrpVersion.V3, OWN, 100, SECOND, false, 0, VrrpState.BACKUP);
        VirtualRouter router = started(settings);
        router.timerExpired(T0 + 4 * SECOND);

        advert(router, T0 + 5 * SECOND, 101, SECOND);

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void thePreferredHolderPreemptsWhateverPreemptSays() {
        // keepalived clears nopreempt and preempt_delay of an instance with initial state MASTER.
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 150, SECOND, false, 60 * SECOND, VrrpState.MASTER));
        advert(router, T0 + 3 * SECOND, 100, SECOND);

        router.timerExpired(T0 + 4 * SECOND);

        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void initialStateMasterListensFirst() {
        VirtualRouter router = started(new RouterSettings(VrrpVersion.V2, OWN, 100, SECOND, true, 0, VrrpState.MASTER));

        // keepalived 2.2.7, state MASTER, priority 100: first advert 3.6094 s after the start.
        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
        assertThat(router.deadlineNanos() - T0).isEqualTo(3_609_375_000L);
    }

    @Test
    void theDelayHoldsPreemptionBackAndThenTheTimerRunsOut() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 150, SECOND, true, 5 * SECOND, VrrpState.BACKUP));
        long now = T0;
        while (router.state() == VrrpState.BACKUP) {
            now += SECOND;
            advert(router, now, 100, SECOND);
            router.timerExpired(now + SECOND / 2);
        }

        // First heard after 1 s; obeyed until before 6 s; three intervals and 0.41 s of skew after the last one at 5 s.
        assertThat(now + SECOND / 2).isEqualTo(T0 + 8 * SECOND + SECOND / 2);
        assertThat(lastChange().reason()).isEqualTo(TransitionReason.PREEMPTED_LOWER_PRIORITY);
    }

    @Test
    void aSilentMasterIsReplacedDuringTheDelay() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 150, SECOND, true, 1000 * SECOND, VrrpState.BACKUP));
        advert(router, T0 + SECOND, 100, SECOND);

        router.timerExpired(T0 + 5 * SECOND);

        assertThat(lastChange().reason()).isEqualTo(TransitionReason.MASTER_DOWN);
    }

    @Test
    void aHigherPriorityInBetweenStartsTheDelayAnew() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 150, SECOND, true, 5 * SECOND, VrrpState.BACKUP));
        advert(router, T0, 100, SECOND);
        advert(router, T0 + 4 * SECOND, 200, SECOND);
        advert(router, T0 + 5 * SECOND, 100, SECOND);
        advert(router, T0 + 6 * SECOND, 100, SECOND);

        assertThat(router.deadlineNanos()).isEqualTo(T0 + 9 * SECOND + 106 * SECOND / 256);
    }

    @Test
    void theOwnerIsMasterAtOnceAndAfterEachFault() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V2, OWN, 255, SECOND, false, 9 * SECOND, VrrpState.BACKUP));
        assertThat(actions)
                .containsExactly(
                        new StateChanged(VrrpState.INIT, VrrpState.MASTER, TransitionReason.ADDRESS_OWNER),
                        new SendAdvert(255),
                        new VrrpAction.AcquireAddresses(),
                        new VrrpAction.Announce());

        router.faultRaised(T0 + 1, TransitionReason.INTERFACE_DOWN);
        router.faultCleared(T0 + 2);

        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void anOwnerThatYieldedToAnotherOwnerStaysBackupWhenReconfigured() {
        RouterSettings owner = new RouterSettings(VrrpVersion.V3, OWN, 255, SECOND, true, 0, VrrpState.BACKUP);
        VirtualRouter router = started(owner);
        advert(router, T0 + 1, 255, SECOND);
        assertThat(lastChange().reason()).isEqualTo(TransitionReason.HIGHER_ADDRESS);

        router.reconfigure(
                T0 + 2, new RouterSettings(VrrpVersion.V3, OWN, 255, SECOND, true, SECOND, VrrpState.BACKUP));

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void version3WaitsByTheIntervalOfTheMaster() {
        VirtualRouter router = started(v3(100));

        advert(router, T0, 200, 4 * SECOND);
        assertThat(router.deadlineNanos() - T0).isEqualTo(4 * 3_609_375_000L);
        assertThat(router.masterDownNanos()).isEqualTo(4 * 3_609_375_000L);

        router.timerExpired(router.deadlineNanos());
        assertThat(router.activeIntervalNanos()).isEqualTo(SECOND);
    }

    @Test
    void version2WaitsByItsOwnInterval() {
        VirtualRouter router = started(new RouterSettings(VrrpVersion.V2, OWN, 100, SECOND, true, 0, VrrpState.BACKUP));

        advert(router, T0, 200, 4 * SECOND);

        assertThat(router.deadlineNanos() - T0).isEqualTo(3_609_375_000L);
    }

    @Test
    void whatWasHeardBeforeAFaultDoesNotCountAfterIt() {
        VirtualRouter router = started(v3(100));
        advert(router, T0, 200, 40 * SECOND);
        router.faultRaised(T0 + 1, TransitionReason.TRACKER_FAILED);

        router.faultCleared(T0 + 2);

        assertThat(router.deadlineNanos() - (T0 + 2)).isEqualTo(3_609_375_000L);
    }

    @Test
    void aFaultRaisedBeforeTheStartIsOneAfterIt() {
        VirtualRouter router = new VirtualRouter(v3(100), actions::add);
        router.faultRaised(T0, TransitionReason.INTERFACE_DOWN);

        router.start(T0 + 1);
        assertThat(lastChange())
                .isEqualTo(new StateChanged(VrrpState.INIT, VrrpState.FAULT, TransitionReason.INTERFACE_DOWN));

        router.faultCleared(T0 + 2);
        assertThat(lastChange())
                .isEqualTo(new StateChanged(VrrpState.FAULT, VrrpState.BACKUP, TransitionReason.FAULT_CLEARED));
    }

    @Test
    void aRivalThatAnswersBackDoesNotMakeAStorm() {
        VirtualRouter router = started(v3(100));
        router.timerExpired(T0 + 4 * SECOND);
        actions.clear();
        for (int i = 0; i < 1000; i++) {
            advert(router, T0 + 4 * SECOND + i * MILLI, 50, SECOND);
        }

        assertThat(actions).filteredOn(new SendAdvert(100)::equals).hasSize(2);
        assertThat(actions).filteredOn(new VrrpAction.Announce()::equals).hasSize(1000);
    }

    @Test
    void everyTimedAdvertOfARivalIsAnsweredAlsoWhenItsIntervalIsShorter() {
        VirtualRouter router = started(v3(100));
        router.timerExpired(T0 + 4 * SECOND);
        actions.clear();
        for (int i = 0; i < 100; i++) {
            advert(router, T0 + 4 * SECOND + i * 10L * MILLI, 50, 10 * MILLI);
        }

        assertThat(actions).filteredOn(new SendAdvert(100)::equals).hasSize(100);
    }

    @Test
    void anOwnerThatSleptListensToo() {
        VirtualRouter router = started(v3(255));
        long down = 3 * SECOND + SECOND / 256;
        actions.clear();

        router.timerExpired(T0 + 10 * SECOND);
        assertThat(actions)
                .containsExactly(
                        new StateChanged(VrrpState.MASTER, VrrpState.BACKUP, TransitionReason.STALLED),
                        new VrrpAction.ReleaseAddresses());
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 10 * SECOND + down);

        advert(router, T0 + 11 * SECOND, 100, SECOND);
        router.timerExpired(T0 + 10 * SECOND + down);
        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void aMasterThatSleptObeysItsSuccessorWithoutAWord() {
        VirtualRouter router =
                started(new RouterSettings(VrrpVersion.V3, OWN, 100, SECOND, false, 0, VrrpState.BACKUP));
        router.timerExpired(T0 + 4 * SECOND);
        actions.clear();

        // The successor's adverts waited in the socket, the first thing it sees after waking up.
        for (int i = 0; i < 3; i++) {
            advert(router, T0 + 20 * SECOND, 50, SECOND);
        }
        router.timerExpired(T0 + 20 * SECOND);

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
        assertThat(actions).filteredOn(SendAdvert.class::isInstance).isEmpty();
        assertThat(lastChange().reason()).isEqualTo(TransitionReason.STALLED);
    }

    @Test
    void aBackupThatIsAlwaysLateStillTakesOver() {
        VirtualRouter router = started(v3(100));

        router.timerExpired(router.deadlineNanos() + 2 * SECOND);
        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);

        router.timerExpired(router.deadlineNanos() + 2 * SECOND);
        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
    }

    @Test
    void aBackupThatHeardSomebodyInBetweenListensAfreshAgain() {
        VirtualRouter router = started(v3(100));
        router.timerExpired(router.deadlineNanos() + 2 * SECOND);
        advert(router, router.deadlineNanos() - 1, 200, SECOND);

        router.timerExpired(router.deadlineNanos() + 2 * SECOND);

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void onlySilenceCountsAsSleepNotALateBeat() {
        VirtualRouter router = started(v3(255));
        // Late by nearly an interval: the beat says 0, the advert went out at 0.9 s.
        router.timerExpired(T0 + SECOND + 900 * MILLI);

        router.timerExpired(T0 + SECOND + 900 * MILLI + 3 * SECOND);

        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
    }

    @ParameterizedTest
    @CsvSource({
        "false, false,  99, 'SendAdvert Announce'",
        "false, false, 100, 'StateChanged ReleaseAddresses'",
        "false, false, 101, 'StateChanged ReleaseAddresses'",
        "false, false,   0, 'SendAdvert'",
        "true,  false,  99, 'Announce'",
        "true,  false, 101, 'StateChanged ReleaseAddresses'",
        "true,  false,   0, 'SendAdvert'",
        "false, true,   99, 'SendAdvert Announce'",
        "false, true,  100, 'SendAdvert StateChanged ReleaseAddresses'",
        "false, true,  101, 'SendAdvert StateChanged ReleaseAddresses'",
        "true,  true,   99, 'Announce'"
    })
    void aMasterAnswersOtherMastersAsItIsTold(boolean noAdvert, boolean sendAdvert, int priority, String expected) {
        VirtualRouter router = started(new RouterSettings(
                VrrpVersion.V3, OWN, 100, SECOND, true, 0, VrrpState.BACKUP, noAdvert, sendAdvert, 0));
        router.timerExpired(router.deadlineNanos());
        actions.clear();

        advert(router, T0 + 4 * SECOND, priority, SECOND);

        assertThat(actions)
                .extracting(action -> action.getClass().getSimpleName())
                .containsExactly(expected.split(" "));
    }

    @Test
    void aStoppedRouterCanStartAgain() {
        VirtualRouter router = started(v3(100));
        router.timerExpired(T0 + 4 * SECOND);
        router.stop(T0 + 5 * SECOND);
        router.stop(T0 + 5 * SECOND);

        router.start(T0 + 6 * SECOND);

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 6 * SECOND + 3_609_375_000L);
        assertThat(actions).filteredOn(new SendAdvert(0)::equals).hasSize(1);
    }

    @Test
    void aBackupThatIsRaisedAboveTheMasterTakesOver() {
        VirtualRouter router = started(v3(90));
        advert(router, T0, 100, SECOND);
        router.priorityChanged(T0 + 1, 110);
        for (int i = 1; i <= 3; i++) {
            advert(router, T0 + i * SECOND, 100, SECOND);
        }

        router.timerExpired(T0 + 3 * SECOND + 146 * SECOND / 256);

        assertThat(lastChange().reason()).isEqualTo(TransitionReason.PREEMPTED_LOWER_PRIORITY);
        assertThat(actions).contains(new SendAdvert(110));
    }

    @Test
    void aTrackersWeightOutlivesAReload() {
        VirtualRouter router = started(v3(100));
        router.priorityChanged(T0, 80);

        router.reconfigure(T0 + 1, new RouterSettings(VrrpVersion.V3, OWN, 100, SECOND, false, 0, VrrpState.BACKUP));
        assertThat(router.effectivePriority()).isEqualTo(80);

        router.reconfigure(T0 + 2, v3(120));
        assertThat(router.effectivePriority()).isEqualTo(120);
    }

    @Test
    void aReloadToAShorterIntervalStillWaitsForTheSlowerMaster() {
        VirtualRouter router = started(v3(100));
        advert(router, T0, 200, 2 * SECOND);

        router.reconfigure(
                T0 + 1, new RouterSettings(VrrpVersion.V3, OWN, 100, SECOND / 10, true, 0, VrrpState.BACKUP));

        assertThat(router.deadlineNanos() - (T0 + 1)).isEqualTo(2 * 3_609_375_000L);
    }

    @Test
    void at10MillisecondsAPriorityHigherByOneIsFirst() {
        RouterSettings ten = new RouterSettings(VrrpVersion.V3, OWN, 100, 10 * MILLI, true, 0, VrrpState.BACKUP);
        VirtualRouter lower = started(ten);
        VirtualRouter higher =
                started(new RouterSettings(VrrpVersion.V3, OTHER, 101, 10 * MILLI, true, 0, VrrpState.BACKUP));

        assertThat(lower.deadlineNanos() - higher.deadlineNanos()).isBetween(39_062L, 39_063L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 125_000_000, 999_999_999, 7_125_000_000L, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void aMasterComesIntoStepWithItsPhase(long phase) {
        VirtualRouter router = started(
                new RouterSettings(VrrpVersion.V3, OWN, 100, SECOND, true, 0, VrrpState.BACKUP, false, false, phase));
        router.timerExpired(router.deadlineNanos());
        actions.clear();

        long first = router.deadlineNanos();
        for (int i = 0; i < 10; i++) {
            long now = router.deadlineNanos() + i * SECOND / 10;
            router.timerExpired(now);

            assertThat(router.deadlineNanos() - now).isBetween(1L, SECOND);
            assertThat(Math.floorMod(router.deadlineNanos() - phase, SECOND)).isZero();
        }
        assertThat(router.deadlineNanos() - first).isBetween(9 * SECOND + 1, 10 * SECOND);
        assertThat(actions).containsOnly(new SendAdvert(100)).hasSize(10);
    }

    @Test
    void lateTimersDoNotStretchTheBeat() {
        VirtualRouter router = started(v3(255));
        long due = router.deadlineNanos();
        for (int i = 0; i < 100; i++) {
            router.timerExpired(router.deadlineNanos() + 3 * MILLI);
        }

        assertThat(router.deadlineNanos()).isEqualTo(due + 100 * SECOND);
    }

    @Test
    void addressesAreComparedAsUnsignedNumbers() {
        VirtualRouter low = started(
                new RouterSettings(VrrpVersion.V3, IpAddress.parse("fe80::1"), 255, SECOND, true, 0, VrrpState.BACKUP));
        IpAddress highest = IpAddress.parse("fe80::ffff:ffff:ffff:ffff");

        low.advertReceived(T0 + 1, 255, IpFamily.IPV6, highest.high(), highest.low(), SECOND);

        assertThat(lastChange().reason()).isEqualTo(TransitionReason.HIGHER_ADDRESS);
    }

    @ParameterizedTest
    @CsvSource({
        "V3, 0,   1000000000, 0, BACKUP, 'priority must be 1..255, not 0'",
        "V3, 256, 1000000000, 0, BACKUP, 'priority must be 1..255, not 256'",
        "V3, 100, 5000000, 0, BACKUP, 'whole multiples of 10000000 ns'",
        "V2, 100, 100000000, 0, BACKUP, 'whole multiples of 1000000000 ns'",
        "V3, 100, 1000000000, -1, BACKUP, 'preempt delay must be 0..1000 s'",
        "V3, 100, 1000000000, 1000000000001, BACKUP, 'preempt delay must be 0..1000 s'",
        "V3, 100, 1000000000, 0, FAULT, 'initial state must be BACKUP or MASTER, not FAULT'"
    })
    void settingsOutsideTheirRangeAreRefused(
            VrrpVersion version, int priority, long interval, long delay, VrrpState initial, String accepted) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouterSettings(version, OWN, priority, interval, true, delay, initial))
                .withMessageContaining(accepted);
    }

    @Test
    void version2OverIpv6IsRefused() {
        IpAddress ipv6 = IpAddress.parse("fe80::1");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouterSettings(VrrpVersion.V2, ipv6, 100, SECOND, true, 0, VrrpState.BACKUP));
    }

    @Test
    void aPriorityOutsideItsRangeIsRefused() {
        VirtualRouter router = started(v3(100));

        assertThatIllegalArgumentException().isThrownBy(() -> router.priorityChanged(T0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> router.priorityChanged(T0, 256));
        assertThat(router.effectivePriority()).isEqualTo(100);
    }

    private VirtualRouter started(RouterSettings settings) {
        VirtualRouter router = new VirtualRouter(settings, actions::add);
        router.start(T0);
        return router;
    }

    private static RouterSettings v3(int priority) {
        return new RouterSettings(VrrpVersion.V3, OWN, priority, SECOND, true, 0, VrrpState.BACKUP);
    }

    private static void advert(VirtualRouter router, long now, int priority, long interval) {
        router.advertReceived(now, priority, OTHER.family(), OTHER.high(), OTHER.low(), interval);
    }

    private StateChanged lastChange() {
        return actions.stream()
                .filter(StateChanged.class::isInstance)
                .map(StateChanged.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow();
    }
}
