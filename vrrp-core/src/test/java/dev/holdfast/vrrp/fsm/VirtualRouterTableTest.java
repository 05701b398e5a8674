package dev.holdfast.vrrp.fsm;

import static dev.holdfast.vrrp.fsm.TransitionReason.ADDRESS_OWNER;
import static dev.holdfast.vrrp.fsm.TransitionReason.FAULT_CLEARED;
import static dev.holdfast.vrrp.fsm.TransitionReason.HIGHER_ADDRESS;
import static dev.holdfast.vrrp.fsm.TransitionReason.HIGHER_PRIORITY;
import static dev.holdfast.vrrp.fsm.TransitionReason.INTERFACE_DOWN;
import static dev.holdfast.vrrp.fsm.TransitionReason.MASTER_DOWN;
import static dev.holdfast.vrrp.fsm.TransitionReason.STALLED;
import static dev.holdfast.vrrp.fsm.TransitionReason.STARTED;
import static dev.holdfast.vrrp.fsm.TransitionReason.STOPPED;
import static dev.holdfast.vrrp.fsm.TransitionReason.TRACKER_FAILED;
import static dev.holdfast.vrrp.fsm.VrrpState.BACKUP;
import static dev.holdfast.vrrp.fsm.VrrpState.FAULT;
import static dev.holdfast.vrrp.fsm.VrrpState.INIT;
import static dev.holdfast.vrrp.fsm.VrrpState.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.vrrp.fsm.VrrpAction.AcquireAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.Announce;
import dev.holdfast.vrrp.fsm.VrrpAction.ReleaseAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.SendAdvert;
import dev.holdfast.vrrp.fsm.VrrpAction.StateChanged;
import dev.holdfast.vrrp.fsm.VrrpEvent.AdvertReceived;
import dev.holdfast.vrrp.fsm.VrrpEvent.FaultCleared;
import dev.holdfast.vrrp.fsm.VrrpEvent.FaultRaised;
import dev.holdfast.vrrp.fsm.VrrpEvent.HandOver;
import dev.holdfast.vrrp.fsm.VrrpEvent.Leave;
import dev.holdfast.vrrp.fsm.VrrpEvent.PriorityChanged;
import dev.holdfast.vrrp.fsm.VrrpEvent.Reconfigured;
import dev.holdfast.vrrp.fsm.VrrpEvent.StandForElection;
import dev.holdfast.vrrp.fsm.VrrpEvent.Start;
import dev.holdfast.vrrp.fsm.VrrpEvent.Stop;
import dev.holdfast.vrrp.fsm.VrrpEvent.SuccessorAnnounced;
import dev.holdfast.vrrp.fsm.VrrpEvent.TimerExpired;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Every state with every event: where it leads, what it does, and when the timer is due then. Version 3, priority 100,
 * adverts every second, own address 10.0.0.5, preempting.
 */
class VirtualRouterTableTest {
    /** A clock may start anywhere; this one steps over zero in the middle. */
    private static final long T0 = -2_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    private static final long SKEW = 609_375_000L;
    private static final long MASTER_DOWN_TIME = 3 * SECOND + SKEW;
    private static final long SLEPT = MASTER_DOWN_TIME + 1;
    /** The longest Skew_Time and what the way may take. */
    private static final long SUCCESSOR_TIME = 255 * SECOND / 256 + SECOND / 4;

    private static final long NEVER = Long.MIN_VALUE;

    private static final IpAddress LOWER = IpAddress.parse("10.0.0.4");
    private static final IpAddress OWN = IpAddress.parse("10.0.0.5");
    private static final IpAddress HIGHER = IpAddress.parse("10.0.0.6");

    private static final SendAdvert ADVERT = new SendAdvert(100);
    private static final SendAdvert RESIGN = new SendAdvert(0);
    private static final AcquireAddresses ACQUIRE = new AcquireAddresses();
    private static final ReleaseAddresses RELEASE = new ReleaseAddresses();
    private static final Announce ANNOUNCE = new Announce();

    /** In step from the moment that it is MASTER. */
    private static final RouterSettings SETTINGS =
            new RouterSettings(VrrpVersion.V3, OWN, 100, SECOND, true, 0, BACKUP, false, true, T0 + MASTER_DOWN_TIME);

    private static final RouterSettings SLOWER =
            new RouterSettings(VrrpVersion.V3, OWN, 100, 2 * SECOND, true, 0, BACKUP);
    private static final RouterSettings STRONGER =
            new RouterSettings(VrrpVersion.V3, OWN, 200, SECOND, true, 0, BACKUP);
    private static final RouterSettings OWNER = new RouterSettings(VrrpVersion.V3, OWN, 255, SECOND, true, 0, BACKUP);

    /**
     * One row.
     *
     * @param from the state before
     * @param after how long after that state was entered the event comes, in ns
     * @param event the event
     * @param to the state afterwards
     * @param due when the timer is due, in ns after the event; NEVER: not
     * @param actions what is done
     */
    record Row(VrrpState from, long after, VrrpEvent event, VrrpState to, long due, List<VrrpAction> actions) {
        @Override
        public String toString() {
            return from + " + " + event + " after " + after / 1_000_000 + " ms -> " + to;
        }
    }

    static final List<Row> ROWS = List.of(
            row(INIT, 0, new Start(), BACKUP, MASTER_DOWN_TIME, changed(INIT, BACKUP, STARTED)),
            row(INIT, 0, advert(0, HIGHER), INIT, NEVER),
            row(INIT, 0, advert(200, HIGHER), INIT, NEVER),
            row(INIT, 0, advert(50, HIGHER), INIT, NEVER),
            row(INIT, 0, new TimerExpired(), INIT, NEVER),
            row(INIT, 0, new PriorityChanged(50), INIT, NEVER),
            row(INIT, 0, new PriorityChanged(255), INIT, NEVER),
            row(INIT, 0, new FaultRaised(TRACKER_FAILED), INIT, NEVER),
            row(INIT, 0, new FaultCleared(), INIT, NEVER),
            row(INIT, 0, new Reconfigured(SLOWER), INIT, NEVER),
            row(INIT, 0, new Stop(), INIT, NEVER),
            row(INIT, 0, new Leave(), INIT, NEVER),
            row(INIT, 0, new HandOver(), INIT, NEVER),
            row(INIT, 0, new SuccessorAnnounced(), INIT, NEVER),
            row(INIT, 0, new StandForElection(), INIT, NEVER),
            //
            row(BACKUP, SECOND, new Start(), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, advert(0, LOWER), BACKUP, SKEW),
            row(BACKUP, SECOND, advert(0, OWN), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, advert(101, LOWER), BACKUP, MASTER_DOWN_TIME),
            row(BACKUP, SECOND, advert(255, LOWER), BACKUP, MASTER_DOWN_TIME),
            row(BACKUP, SECOND, advert(100, LOWER), BACKUP, MASTER_DOWN_TIME),
            row(BACKUP, SECOND, advert(100, HIGHER), BACKUP, MASTER_DOWN_TIME),
            row(BACKUP, SECOND, advert(100, OWN), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, advert(99, HIGHER), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, advert(1, HIGHER), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, new AdvertReceived(101, LOWER, 2 * SECOND), BACKUP, 2 * MASTER_DOWN_TIME),
            row(BACKUP, MASTER_DOWN_TIME - 1, new TimerExpired(), BACKUP, 1),
            row(
                    BACKUP,
                    MASTER_DOWN_TIME,
                    new TimerExpired(),
                    MASTER,
                    SECOND,
                    changed(BACKUP, MASTER, MASTER_DOWN),
                    ADVERT,
                    ACQUIRE,
                    ANNOUNCE),
            row(
                    BACKUP,
                    MASTER_DOWN_TIME + SECOND,
                    new TimerExpired(),
                    MASTER,
                    SECOND,
                    changed(BACKUP, MASTER, MASTER_DOWN),
                    ADVERT,
                    ACQUIRE,
                    ANNOUNCE),
            // So late that a living MASTER must have spoken meanwhile: listens again.
            row(BACKUP, MASTER_DOWN_TIME + SECOND + 1, new TimerExpired(), BACKUP, MASTER_DOWN_TIME),
            row(BACKUP, SECOND, new PriorityChanged(200), BACKUP, 2 * SECOND + 56 * SECOND / 256),
            row(BACKUP, SECOND, new PriorityChanged(50), BACKUP, 2 * SECOND + 206 * SECOND / 256),
            row(BACKUP, SECOND, new PriorityChanged(100), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(
                    BACKUP,
                    SECOND,
                    new PriorityChanged(255),
                    MASTER,
                    SECOND,
                    changed(BACKUP, MASTER, ADDRESS_OWNER),
                    new SendAdvert(255),
                    ACQUIRE,
                    ANNOUNCE),
            row(BACKUP, SECOND, new FaultRaised(TRACKER_FAILED), FAULT, NEVER, changed(BACKUP, FAULT, TRACKER_FAILED)),
            row(BACKUP, SECOND, new FaultCleared(), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, new Reconfigured(SETTINGS), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, new Reconfigured(SLOWER), BACKUP, 2 * MASTER_DOWN_TIME),
            row(BACKUP, SECOND, new Reconfigured(STRONGER), BACKUP, 2 * SECOND + 56 * SECOND / 256),
            row(
                    BACKUP,
                    SECOND,
                    new Reconfigured(OWNER),
                    MASTER,
                    SECOND,
                    changed(BACKUP, MASTER, ADDRESS_OWNER),
                    new SendAdvert(255),
                    ACQUIRE,
                    ANNOUNCE),
            row(BACKUP, SECOND, new Stop(), INIT, NEVER, changed(BACKUP, INIT, STOPPED)),
            row(BACKUP, SECOND, new Leave(), INIT, NEVER, changed(BACKUP, INIT, STOPPED)),
            row(BACKUP, SECOND, new HandOver(), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, new SuccessorAnnounced(), BACKUP, MASTER_DOWN_TIME - SECOND),
            row(BACKUP, SECOND, new StandForElection(), BACKUP, MASTER_DOWN_TIME - SECOND),
            //
            row(MASTER, 1, new Start(), MASTER, SECOND - 1),
            row(MASTER, 1, advert(0, LOWER), MASTER, SECOND, ADVERT),
            row(MASTER, 1, advert(0, HIGHER), MASTER, SECOND, ADVERT),
            row(MASTER, 1, advert(99, HIGHER), MASTER, SECOND, ADVERT, ANNOUNCE),
            row(MASTER, 1, advert(100, LOWER), MASTER, SECOND, ADVERT, ANNOUNCE),
            row(MASTER, 1, advert(100, OWN), MASTER, SECOND - 1),
            row(MASTER, 1, advert(200, OWN), MASTER, SECOND - 1),
            row(
                    MASTER,
                    1,
                    advert(100, HIGHER),
                    BACKUP,
                    MASTER_DOWN_TIME,
                    ADVERT,
                    changed(MASTER, BACKUP, HIGHER_ADDRESS),
                    RELEASE),
            row(
                    MASTER,
                    1,
                    advert(101, LOWER),
                    BACKUP,
                    MASTER_DOWN_TIME,
                    ADVERT,
                    changed(MASTER, BACKUP, HIGHER_PRIORITY),
                    RELEASE),
            row(
                    MASTER,
                    1,
                    new AdvertReceived(101, LOWER, 2 * SECOND),
                    BACKUP,
                    2 * MASTER_DOWN_TIME,
                    ADVERT,
                    changed(MASTER, BACKUP, HIGHER_PRIORITY),
                    RELEASE),
            row(MASTER, SECOND - 1, new TimerExpired(), MASTER, 1),
            row(MASTER, SECOND, new TimerExpired(), MASTER, SECOND, ADVERT),
            // A late one does not put off the next one; those that are due already are left out.
            row(MASTER, SECOND + SECOND / 4, new TimerExpired(), MASTER, SECOND - SECOND / 4, ADVERT),
            row(MASTER, MASTER_DOWN_TIME, new TimerExpired(), MASTER, 4 * SECOND - MASTER_DOWN_TIME, ADVERT),
            // One that slept gives up before anything else, and says nothing.
            row(MASTER, SLEPT, new TimerExpired(), BACKUP, MASTER_DOWN_TIME, changed(MASTER, BACKUP, STALLED), RELEASE),
            row(MASTER, SLEPT, advert(50, LOWER), BACKUP, MASTER_DOWN_TIME, changed(MASTER, BACKUP, STALLED), RELEASE),
            row(MASTER, SLEPT, advert(0, LOWER), BACKUP, SKEW, changed(MASTER, BACKUP, STALLED), RELEASE),
            row(MASTER, SLEPT, advert(200, OWN), MASTER, SECOND - SLEPT),
            row(
                    MASTER,
                    SLEPT,
                    new PriorityChanged(200),
                    BACKUP,
                    3 * SECOND + 56 * SECOND / 256,
                    changed(MASTER, BACKUP, STALLED),
                    RELEASE),
            row(
                    MASTER,
                    SLEPT,
                    new Reconfigured(SLOWER),
                    BACKUP,
                    2 * MASTER_DOWN_TIME,
                    changed(MASTER, BACKUP, STALLED),
                    RELEASE),
            row(
                    MASTER,
                    SLEPT,
                    new FaultRaised(INTERFACE_DOWN),
                    FAULT,
                    NEVER,
                    changed(MASTER, BACKUP, STALLED),
                    RELEASE,
                    changed(BACKUP, FAULT, INTERFACE_DOWN)),
            row(
                    MASTER,
                    SLEPT,
                    new Stop(),
                    INIT,
                    NEVER,
                    changed(MASTER, BACKUP, STALLED),
                    RELEASE,
                    changed(BACKUP, INIT, STOPPED)),
            row(MASTER, 1, new PriorityChanged(50), MASTER, SECOND, new SendAdvert(50)),
            row(MASTER, 1, new PriorityChanged(150), MASTER, SECOND, new SendAdvert(150)),
            row(MASTER, 1, new PriorityChanged(255), MASTER, SECOND, new SendAdvert(255)),
            row(MASTER, 1, new PriorityChanged(100), MASTER, SECOND - 1),
            row(
                    MASTER,
                    1,
                    new FaultRaised(INTERFACE_DOWN),
                    FAULT,
                    NEVER,
                    RESIGN,
                    changed(MASTER, FAULT, INTERFACE_DOWN),
                    RELEASE),
            row(MASTER, 1, new FaultCleared(), MASTER, SECOND - 1),
            row(MASTER, 1, new Reconfigured(SETTINGS), MASTER, SECOND - 1),
            row(MASTER, 1, new Reconfigured(SLOWER), MASTER, 2 * SECOND, ADVERT),
            row(MASTER, 1, new Reconfigured(STRONGER), MASTER, SECOND, new SendAdvert(200)),
            row(MASTER, 1, new Stop(), INIT, NEVER, RESIGN, changed(MASTER, INIT, STOPPED), RELEASE),
            row(MASTER, 1, new Leave(), MASTER, SUCCESSOR_TIME, RESIGN),
            row(MASTER, 1, new HandOver(), MASTER, SUCCESSOR_TIME, RESIGN),
            row(MASTER, 1, new SuccessorAnnounced(), MASTER, SECOND - 1),
            row(MASTER, 1, new StandForElection(), MASTER, SECOND - 1),
            row(MASTER, SLEPT, new HandOver(), BACKUP, MASTER_DOWN_TIME, changed(MASTER, BACKUP, STALLED), RELEASE),
            row(
                    MASTER,
                    SLEPT,
                    new Leave(),
                    INIT,
                    NEVER,
                    changed(MASTER, BACKUP, STALLED),
                    RELEASE,
                    changed(BACKUP, INIT, STOPPED)),
            //
            row(FAULT, 1, new Start(), FAULT, NEVER),
            row(FAULT, 1, advert(0, HIGHER), FAULT, NEVER),
            row(FAULT, 1, advert(200, HIGHER), FAULT, NEVER),
            row(FAULT, 1, advert(50, HIGHER), FAULT, NEVER),
            row(FAULT, 10 * SECOND, new TimerExpired(), FAULT, NEVER),
            row(FAULT, 1, new PriorityChanged(200), FAULT, NEVER),
            row(FAULT, 1, new PriorityChanged(255), FAULT, NEVER),
            row(FAULT, 1, new FaultRaised(INTERFACE_DOWN), FAULT, NEVER),
            row(FAULT, 1, new FaultCleared(), BACKUP, MASTER_DOWN_TIME, changed(FAULT, BACKUP, FAULT_CLEARED)),
            row(FAULT, 1, new Reconfigured(SLOWER), FAULT, NEVER),
            row(FAULT, 1, new Stop(), INIT, NEVER, changed(FAULT, INIT, STOPPED)),
            row(FAULT, 1, new Leave(), INIT, NEVER, changed(FAULT, INIT, STOPPED)),
            row(FAULT, 1, new HandOver(), FAULT, NEVER),
            row(FAULT, 1, new SuccessorAnnounced(), FAULT, NEVER),
            row(FAULT, 1, new StandForElection(), FAULT, NEVER));

    private final List<VrrpAction> actions = new ArrayList<>();

    @ParameterizedTest
    @FieldSource("ROWS")
    void everyEventInEveryState(Row row) {
        VirtualRouter router = new VirtualRouter(SETTINGS, actions::add);
        long entered = bringTo(router, row.from());
        actions.clear();
        long now = entered + row.after();

        router.apply(now, row.event());

        assertThat(router.state()).isEqualTo(row.to());
        assertThat(actions).isEqualTo(row.actions());
        assertThat(router.deadlineNanos() == Long.MAX_VALUE ? NEVER : router.deadlineNanos() - now)
                .isEqualTo(row.due());
    }

    @Test
    void theTableHasEveryEventInEveryState() {
        List<Class<?>> events = Arrays.asList(VrrpEvent.class.getPermittedSubclasses());
        for (VrrpState state : VrrpState.values()) {
            Stream<Class<?>> covered = ROWS.stream()
                    .filter(r -> r.from() == state)
                    .map(r -> r.event().getClass());

            assertThat(covered.distinct()).as("%s", state).containsExactlyInAnyOrderElementsOf(events);
        }
    }

    /** The time at which the state was entered. */
    private static long bringTo(VirtualRouter router, VrrpState state) {
        switch (state) {
            case INIT -> {}
            case BACKUP -> router.start(T0);
            case MASTER -> {
                router.start(T0);
                router.timerExpired(T0 + MASTER_DOWN_TIME);
            }
            case FAULT -> {
                router.start(T0);
                router.faultRaised(T0, TRACKER_FAILED);
            }
        }
        assertThat(router.state()).isEqualTo(state);
        return state == MASTER ? T0 + MASTER_DOWN_TIME : T0;
    }

    private static Row row(VrrpState from, long after, VrrpEvent event, VrrpState to, long due, VrrpAction... actions) {
        return new Row(from, after, event, to, due, List.of(actions));
    }

    private static VrrpEvent advert(int priority, IpAddress source) {
        return new AdvertReceived(priority, source, SECOND);
    }

    private static StateChanged changed(VrrpState from, VrrpState to, TransitionReason reason) {
        return new StateChanged(from, to, reason);
    }
}
