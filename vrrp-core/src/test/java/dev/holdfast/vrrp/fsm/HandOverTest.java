package dev.holdfast.vrrp.fsm;

import static dev.holdfast.vrrp.fsm.VirtualRouter.ANNOUNCEMENT_NANOS;
import static dev.holdfast.vrrp.fsm.VirtualRouter.LINGER_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.fsm.VrrpAction.AcquireAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.Announce;
import dev.holdfast.vrrp.fsm.VrrpAction.ReleaseAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.SendAdvert;
import dev.holdfast.vrrp.fsm.VrrpAction.StateChanged;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between a planned resignation and the release: priority 200, version 3, adverts every second. */
class HandOverTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    /** A clock may start anywhere; this one is below zero all the time. */
    private static final long T0 = -100 * SECOND;

    private static final long WAIT = 255 * SECOND / 256 + SECOND / 4;
    private static final IpAddress OWN = IpAddress.parse("10.0.0.5");
    private static final IpAddress SUCCESSOR = IpAddress.parse("10.0.0.4");
    private static final SendAdvert RESIGN = new SendAdvert(0);
    private static final SendAdvert ADVERT = new SendAdvert(200);
    private static final ReleaseAddresses RELEASE = new ReleaseAddresses();

    private final List<VrrpAction> actions = new ArrayList<>();
    private final VirtualRouter router = new VirtualRouter(settings(200), actions::add);

    private static RouterSettings settings(int priority) {
        return new RouterSettings(VrrpVersion.V3, OWN, priority, SECOND, true, 0, VrrpState.BACKUP);
    }

    /** MASTER at T0, and at once told to hand over or to leave. */
    private void begin(boolean forGood) {
        router.start(T0 - 10 * SECOND);
        long due = router.deadlineNanos();
        router.timerExpired(due);
        for (long at = due + SECOND; at < T0; at += SECOND) {
            router.timerExpired(router.deadlineNanos());
        }
        actions.clear();
        if (forGood) {
            router.leave(T0);
        } else {
            router.handOver(T0);
        }
        assertThat(take()).containsExactly(RESIGN);
    }

    private void hear(long at, int priority) {
        router.advertReceived(at, priority, SUCCESSOR.family(), SUCCESSOR.high(), SUCCESSOR.low(), SECOND);
    }

    private List<VrrpAction> take() {
        List<VrrpAction> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    private static StateChanged changed(VrrpState to, TransitionReason reason) {
        return new StateChanged(VrrpState.MASTER, to, reason);
    }

    @Test
    void itHoldsTheAddressesUntilTheSuccessorHasAnnouncedThem() {
        begin(false);
        assertThat(router.isHandingOver()).isTrue();

        hear(T0 + 600 * MILLI, 100);
        assertThat(take()).containsExactly(changed(VrrpState.BACKUP, TransitionReason.HANDED_OVER));
        assertThat(router.holdsAddresses()).isTrue();
        assertThat(router.isHandingOver()).isFalse();

        router.successorAnnounced(T0 + 610 * MILLI);
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 610 * MILLI + LINGER_NANOS);
        router.timerExpired(router.deadlineNanos() - 1);
        assertThat(take()).isEmpty();
        router.timerExpired(router.deadlineNanos());
        assertThat(take()).containsExactly(RELEASE);
        assertThat(router.holdsAddresses()).isFalse();
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 600 * MILLI + 3 * SECOND + 56 * SECOND / 256);
    }

    @Test
    void anAnnouncementThatComesAgainDoesNotPutTheReleaseOff() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);
        router.successorAnnounced(T0 + 610 * MILLI);
        router.successorAnnounced(T0 + 700 * MILLI);

        assertThat(router.deadlineNanos()).isEqualTo(T0 + 610 * MILLI + LINGER_NANOS);
    }

    @Test
    void anAnnouncementBeforeTheAdvertCountsFromTheAdvert() {
        begin(false);
        router.successorAnnounced(T0 + 600 * MILLI);
        assertThat(take()).isEmpty();
        hear(T0 + 605 * MILLI, 100);

        assertThat(router.deadlineNanos()).isEqualTo(T0 + 605 * MILLI + LINGER_NANOS);
    }

    @Test
    void aLostAnnouncementDoesNotKeepTheAddressesForEver() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);

        assertThat(router.deadlineNanos()).isEqualTo(T0 + 600 * MILLI + ANNOUNCEMENT_NANOS);
        hear(T0 + 2 * SECOND, 100);
        assertThat(take())
                .as("whatever happens after its time releases first")
                .containsExactly(changed(VrrpState.BACKUP, TransitionReason.HANDED_OVER), RELEASE);
    }

    @Test
    void anAnnouncementAloneIsNoSuccessor() {
        begin(false);
        router.successorAnnounced(T0 + 600 * MILLI);

        assertThat(router.isHandingOver()).isTrue();
        assertThat(router.deadlineNanos()).isEqualTo(T0 + WAIT);
    }

    @Test
    void anotherResignationIsNoSuccessor() {
        begin(false);
        hear(T0 + 100 * MILLI, 0);

        assertThat(take()).isEmpty();
        assertThat(router.isHandingOver()).isTrue();
    }

    @Test
    void whenNobodyFollowsItResignsOnceMoreAndThenGoesOn() {
        begin(false);
        router.timerExpired(T0 + WAIT);
        assertThat(take()).containsExactly(RESIGN);
        router.timerExpired(T0 + 2 * WAIT);

        assertThat(take()).containsExactly(ADVERT, new AcquireAddresses(), new Announce());
        assertThat(router.isHandingOver()).isFalse();
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 2 * WAIT + SECOND);
    }

    @Test
    void aSecondTryCanBeFollowed() {
        begin(false);
        router.timerExpired(T0 + WAIT);
        router.timerExpired(T0 + 2 * WAIT);
        take();
        router.handOver(T0 + 5 * SECOND);
        hear(T0 + 6 * SECOND, 100);

        assertThat(take()).containsExactly(RESIGN, changed(VrrpState.BACKUP, TransitionReason.HANDED_OVER));
    }

    @Test
    void whoLeavesIsGoneWithTheAddresses() {
        begin(true);
        hear(T0 + 600 * MILLI, 100);
        assertThat(take()).containsExactly(changed(VrrpState.INIT, TransitionReason.STOPPED));
        assertThat(router.holdsAddresses()).isTrue();
        router.successorAnnounced(T0 + 600 * MILLI);
        router.timerExpired(T0 + 600 * MILLI + LINGER_NANOS);

        assertThat(take()).containsExactly(RELEASE);
        assertThat(router.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoLeavesAndIsFollowedByNobodyIsGoneAfterTwoWaits() {
        begin(true);
        router.timerExpired(T0 + WAIT);
        router.timerExpired(T0 + 2 * WAIT);

        assertThat(take()).containsExactly(RESIGN, changed(VrrpState.INIT, TransitionReason.STOPPED), RELEASE);
    }

    @Test
    void leavingDuringAHandOverLeavesForGoodWithoutAnotherResignation() {
        begin(false);
        router.leave(T0 + 100 * MILLI);
        router.handOver(T0 + 200 * MILLI);
        assertThat(take()).isEmpty();
        hear(T0 + 600 * MILLI, 100);

        assertThat(take()).containsExactly(changed(VrrpState.INIT, TransitionReason.STOPPED));
    }

    @Test
    void leavingBesideTheSuccessorStillHoldsTheAddressesForAMoment() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);
        take();
        router.leave(T0 + 610 * MILLI);
        assertThat(take())
                .containsExactly(new StateChanged(VrrpState.BACKUP, VrrpState.INIT, TransitionReason.STOPPED));
        assertThat(router.holdsAddresses()).isTrue();
        router.timerExpired(router.deadlineNanos());

        assertThat(take()).containsExactly(RELEASE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stoppingAtOnceReleasesAtOnce(boolean followed) {
        begin(false);
        if (followed) {
            hear(T0 + 600 * MILLI, 100);
        }
        router.stop(T0 + 610 * MILLI);

        assertThat(take()).contains(RELEASE).doesNotContain(RESIGN);
        assertThat(router.holdsAddresses()).isFalse();
        assertThat(router.state()).isEqualTo(VrrpState.INIT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFaultReleasesAtOnce(boolean followed) {
        begin(false);
        if (followed) {
            hear(T0 + 600 * MILLI, 100);
            take();
        }
        router.faultRaised(T0 + 610 * MILLI, TransitionReason.TRACKER_FAILED);

        assertThat(take())
                .containsExactly(
                        new StateChanged(
                                followed ? VrrpState.BACKUP : VrrpState.MASTER,
                                VrrpState.FAULT,
                                TransitionReason.TRACKER_FAILED),
                        RELEASE);
    }

    @Test
    void aFaultDoesNotKeepWhoLeaves() {
        begin(true);
        router.faultRaised(T0 + 610 * MILLI, TransitionReason.TRACKER_FAILED);

        assertThat(take()).containsExactly(changed(VrrpState.INIT, TransitionReason.STOPPED), RELEASE);
    }

    @Test
    void itObeysALowerPriorityUntilThatIsSilent() {
        begin(false);
        for (int i = 0; i < 20; i++) {
            hear(T0 + (600 + 1000 * i) * MILLI, 100);
            router.timerExpired(T0 + (1200 + 1000 * i) * MILLI);
        }
        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
        assertThat(router.obeysAnyMaster()).isTrue();
        take();

        router.timerExpired(router.deadlineNanos());
        assertThat(take())
                .first()
                .isEqualTo(new StateChanged(VrrpState.BACKUP, VrrpState.MASTER, TransitionReason.MASTER_DOWN));
        assertThat(router.obeysAnyMaster()).isFalse();
    }

    @Test
    void itObeysALowerPriorityUntilThatResigns() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);
        hear(T0 + 5 * SECOND / 2, 0);
        hear(T0 + 5 * SECOND / 2 + 1, 50);

        assertThat(router.obeysAnyMaster()).isFalse();
        assertThat(router.deadlineNanos()).isEqualTo(T0 + 5 * SECOND / 2 + 56 * SECOND / 256);
    }

    @Test
    void itObeysALowerPriorityUntilTheOperatorReloads() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);
        router.standForElection(T0 + SECOND);
        hear(T0 + 1600 * MILLI, 100);
        hear(T0 + 2600 * MILLI, 100);
        hear(T0 + 3600 * MILLI, 100);
        take();
        router.timerExpired(T0 + 4 * SECOND);

        assertThat(take())
                .first()
                .isEqualTo(new StateChanged(
                        VrrpState.BACKUP, VrrpState.MASTER, TransitionReason.PREEMPTED_LOWER_PRIORITY));
    }

    @Test
    void aFaultInBetweenDoesNotTakeTheRoleBack() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);
        router.faultRaised(T0 + SECOND, TransitionReason.TRACKER_FAILED);
        router.priorityChanged(T0 + SECOND, 255);
        router.faultCleared(T0 + 2 * SECOND);
        assertThat(router.state()).as("not even as the owner").isEqualTo(VrrpState.BACKUP);
        for (int i = 2; i < 20; i++) {
            hear(T0 + i * SECOND + 600 * MILLI, 100);
            router.timerExpired(T0 + (i + 1) * SECOND);
        }

        assertThat(router.state()).isEqualTo(VrrpState.BACKUP);
    }

    @Test
    void whoTakesTheRoleBackBesideItsSuccessorNeverDropsTheAddresses() {
        begin(false);
        hear(T0 + 600 * MILLI, 100);
        hear(T0 + 610 * MILLI, 0);
        take();
        router.timerExpired(T0 + 610 * MILLI + 56 * SECOND / 256);

        assertThat(router.state()).isEqualTo(VrrpState.MASTER);
        assertThat(take()).doesNotContain(RELEASE);
        router.timerExpired(T0 + 600 * MILLI + ANNOUNCEMENT_NANOS);
        assertThat(take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, INIT, STOPPED", "false, BACKUP, STALLED"})
    void whoSleptThroughItGivesUp(boolean forGood, VrrpState to, TransitionReason reason) {
        begin(forGood);
        router.timerExpired(T0 + WAIT + router.masterDownNanos() + 1);

        assertThat(take()).containsExactly(changed(to, reason), RELEASE);
    }

    @Test
    void otherValuesAreNotAdvertisedMeanwhile() {
        begin(false);
        router.priorityChanged(T0 + 1, 150);
        router.reconfigure(T0 + 2, settings(120));

        assertThat(take()).isEmpty();
        assertThat(router.effectivePriority()).isEqualTo(120);
    }

    @Test
    void aMemberOfAGroupLeavesWhenAnotherWasFollowed() {
        begin(false);
        router.becomeBackup(T0 + 700 * MILLI);
        assertThat(take()).isEmpty();
        router.timerExpired(T0 + WAIT);
        router.timerExpired(T0 + 2 * WAIT);

        assertThat(take()).containsExactly(RESIGN, changed(VrrpState.BACKUP, TransitionReason.SYNC_GROUP), RELEASE);
    }
}
