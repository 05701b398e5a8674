package dev.holdfast.vrrp.fsm;

import dev.holdfast.vrrp.fsm.VrrpAction.AcquireAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.Announce;
import dev.holdfast.vrrp.fsm.VrrpAction.ReleaseAddresses;
import dev.holdfast.vrrp.fsm.VrrpAction.SendAdvert;
import dev.holdfast.vrrp.fsm.VrrpAction.StateChanged;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one virtual router (RFC 9568 section 6.4; RFC 3768 section 6.4 for version 2), with a FAULT state
 * beside it. Pure: it has no clock, no thread and does no I/O. Every method takes the time in nanoseconds of a clock that
 * never steps back (its origin does not matter), and answers by handing actions to the consumer before it returns.
 *
 * <p>Not for more than one thread. The consumer must not call back into the router: what it finds out while it carries out
 * an action, it tells afterwards. A steady state ({@link #advertReceived} as BACKUP, {@link #timerExpired} as MASTER) does
 * not allocate.
 *
 * <p>The order of actions: a resignation goes out first, while the addresses are still here; then {@link StateChanged};
 * then what the new state asks for. A new MASTER sends its advertisement before anything else, because every moment without
 * it is one in which the next BACKUP's timer may run out too.
 *
 * <p>It knows that it slept. A MASTER that has been silent for longer than Master_Down_Interval (its host was stopped,
 * paused or overloaded) may have a successor by now. Whatever it is told next, it first gives up the addresses and listens
 * for Master_Down_Interval as after a start, the owner too. It does not resign then: its successor would only be disturbed,
 * because the other backups would take the resignation for the successor's and stand for election after Skew_Time; and
 * where there is no successor, no backup is waiting for it either.
 *
 * <p>A planned hand-over ({@link #handOver}, {@link #leave}) is beside the RFC, which has a MASTER release with its
 * resignation and leaves the addresses to nobody for Skew_Time. Here the resigned MASTER goes on holding them, and is called
 * MASTER, until it hears its successor. Then it is MASTER no more, and lingers on the addresses until
 * {@value #LINGER_NANOS} ns after the successor has announced them ({@link #successorAnnounced}), at most
 * {@value #ANNOUNCEMENT_NANOS} ns. In all that time it neither advertises nor announces.
 */
public final class VirtualRouter {
    /**
     * From the successor's announcement to the release. Neighbours that missed the announcement, or were just asking, are
     * still answered meanwhile; a successor that repeats it has done so by then.
     */
    public static final long LINGER_NANOS = 150_000_000;

    /** From the successor's advert to the release, if its announcement is never heard. */
    public static final long ANNOUNCEMENT_NANOS = 500_000_000;

    /** No deadline, no preemption planned. */
    private static final long NONE = Long.MAX_VALUE;

    private static final SendAdvert RESIGN = new SendAdvert(0);
    private static final AcquireAddresses ACQUIRE = new AcquireAddresses();
    private static final ReleaseAddresses RELEASE = new ReleaseAddresses();
    private static final Announce ANNOUNCE = new Announce();

    private final Consumer<? super VrrpAction> actions;
    private RouterSettings settings;
    private SendAdvert advert;
    private VrrpState state = VrrpState.INIT;
    private long deadlineNanos = NONE;
    private @Nullable TransitionReason fault;
    private boolean groupFault;
    private boolean inGroup;
    private final HandOver handOver = new HandOver();

    /** BACKUP, FAULT: after a hand-over, priorities don't count until the MASTER is gone. */
    private boolean obeysAnyMaster;

    /** BACKUP in a group: the wait for a MASTER is over, the wait for the other members is not. */
    private boolean ready;

    /** BACKUP: the interval that Skew_Time and Master_Down_Interval are made of, Active_Adver_Interval in the RFC. */
    private long activeIntervalNanos;

    /** BACKUP: from when on adverts of a lower priority no longer hold us back; NONE until the first one is heard. */
    private long preemptAtNanos = NONE;

    /** BACKUP: why the MASTER counts as gone when the running timer expires. */
    private TransitionReason takeoverReason = TransitionReason.MASTER_DOWN;

    /** BACKUP: the wait was started afresh after a stall of this host, and nobody has been heard since. */
    private boolean listeningAfresh;

    /** MASTER: when it last advertised; what the others' patience is measured from. */
    private long advertisedAtNanos;

    /**
     * MASTER: from when on a rival is answered at once again. Two routers that both believe to win, by a mistake in either,
     * would else answer each other's answers as fast as the link allows.
     */
    private long answerAgainAtNanos;

    /**
     * A router in INIT.
     *
     * @param settings what it is to be
     * @param actions takes each action at once
     */
    public VirtualRouter(RouterSettings settings, Consumer<? super VrrpAction> actions) {
        this.settings = settings;
        this.actions = actions;
        this.advert = new SendAdvert(settings.priority());
        this.activeIntervalNanos = settings.advertIntervalNanos();
    }

    /** The state it is in. */
    public VrrpState state() {
        return state;
    }

    /** The settings it works by. */
    public RouterSettings settings() {
        return settings;
    }

    /** When {@link #timerExpired} is due, on the clock of the callers' {@code now}; {@link Long#MAX_VALUE}: not at all. */
    public long deadlineNanos() {
        long release = handOver.releaseAtNanos();
        if (release == NONE || deadlineNanos == NONE) {
            return Math.min(release, deadlineNanos);
        }
        return release - deadlineNanos < 0 ? release : deadlineNanos;
    }

    /** The priority that its adverts carry and that it compares others with, 1..255. */
    public int effectivePriority() {
        return advert.priority();
    }

    /** The MASTER's advertisement interval as far as this router knows it; its own while it is MASTER. */
    public long activeIntervalNanos() {
        return state == VrrpState.MASTER ? settings.advertIntervalNanos() : activeIntervalNanos;
    }

    /** Master_Down_Interval: how long the others may be silent before this router takes over. */
    public long masterDownNanos() {
        return TimerMath.masterDownNanos(settings.version(), effectivePriority(), activeIntervalNanos());
    }

    /**
     * Leaves INIT: an owner becomes MASTER at once, everybody else BACKUP, and listens for Master_Down_Interval. With a
     * fault raised before, FAULT. In any other state nothing happens.
     */
    public void start(long now) {
        if (state != VrrpState.INIT) {
            return;
        }
        if (isFaulty()) {
            transition(now, VrrpState.FAULT, faultReason());
        } else {
            takePart(now, TransitionReason.STARTED);
        }
    }

    /**
     * Takes in an advertisement that has passed all checks. As BACKUP: 0 shortens the wait to Skew_Time; one that is to be
     * obeyed restarts Master_Down_Interval (version 3 adopts its interval); one of a lower priority is ignored when it is to
     * be preempted, so that the timer runs out. As MASTER: a higher priority, or the same from a higher address, ends the
     * role; everything else is contradicted at once with an advert of our own (a rival twice per interval at most), and
     * after a rival also with an announcement, since its gratuitous ARP has pointed the neighbours at it. Our own address
     * (a reflected packet) is ignored.
     *
     * @param now the time
     * @param priority 0..255
     * @param family the family of the sender's address
     * @param sourceHigh the sender's address, as in {@link IpAddress#high()}
     * @param sourceLow as in {@link IpAddress#low()}
     * @param intervalNanos the interval it carries, more than 0; version 2 ignores it, because a mismatch is refused earlier
     */
    public void advertReceived(
            long now, int priority, IpFamily family, long sourceHigh, long sourceLow, long intervalNanos) {
        int bySource = compareToOwnSource(family, sourceHigh, sourceLow);
        if (bySource == 0) {
            return;
        }
        giveUpIfStalled(now);
        switch (state) {
            case BACKUP -> heardAsBackup(now, priority, intervalNanos);
            case MASTER -> {
                if (handOver.hasResigned()) {
                    heardAsResigned(now, priority, intervalNanos);
                } else {
                    heardAsMaster(now, priority, bySource, intervalNanos);
                }
            }
            case INIT, FAULT -> {}
        }
    }

    /**
     * The time has come: a MASTER advertises, a BACKUP takes over. Calls that come early, or without a deadline, do nothing.
     * Hand over the adverts that have already arrived before this, or a stall of this host looks like a silent MASTER.
     *
     * <p>A BACKUP that is told later than one advertisement interval after its deadline did not listen in a time in which a
     * living MASTER must have spoken. Of a stopped process the kernel keeps the adverts, of a paused host nobody does. So it
     * listens for Master_Down_Interval again. Where the MASTER did die meanwhile, the gap grows by that much; a wrong
     * take-over would have pointed the neighbours at the wrong host. It does so once until it hears somebody: a host that is
     * always this late must not leave the addresses without a MASTER for ever.
     */
    public void timerExpired(long now) {
        long due = deadlineNanos();
        if (due == NONE || now - due < 0) {
            return;
        }
        giveUpIfStalled(now);
        if (deadlineNanos == NONE || now - deadlineNanos < 0) {
            return;
        }
        switch (state) {
            case BACKUP -> backupTimerExpired(now, now - deadlineNanos);
            case MASTER -> {
                if (handOver.hasResigned()) {
                    nobodyFollowed(now);
                } else {
                    masterTimerExpired(now);
                }
            }
            case INIT, FAULT -> {}
        }
    }

    /**
     * Trackers or an operator changed the priority. A MASTER says so at once instead of with the next advert: backups that
     * now outrank it stop obeying with the first advert they hear, and a delay of theirs starts to run sooner. It does not
     * resign: without a better backup that would only interrupt the service. A BACKUP's timer moves by the difference in
     * skew; one that now outranks the MASTER takes over when it runs out, at the latest one Master_Down_Interval after the
     * last advert it obeyed.
     *
     * @param priority 1..255; 255 makes it the owner, which is MASTER at once
     */
    public void priorityChanged(long now, int priority) {
        RouterSettings.requirePriority(priority);
        giveUpIfStalled(now);
        if (priority == effectivePriority()) {
            return;
        }
        long oldSkew = skewNanos();
        advert = new SendAdvert(priority);
        switch (state) {
            case MASTER -> sayWhatChanged(now);
            case BACKUP -> {
                moveDeadline(skewNanos() - oldSkew);
                becomeMasterIfOwner(now);
            }
            case INIT, FAULT -> {}
        }
    }

    /**
     * This host can't serve: a MASTER resigns and releases, everybody stays out until {@link #faultCleared}. A fault raised
     * in INIT is remembered for the start; of several faults the first one is the reason.
     *
     * @param reason what failed
     */
    public void faultRaised(long now, TransitionReason reason) {
        if (fault != null) {
            return;
        }
        giveUpIfStalled(now);
        fault = reason;
        enterFault(now);
    }

    /**
     * All faults of its own are gone: as after a start, the owner becomes MASTER, everybody else listens first. With a fault
     * in its group it stays out.
     */
    public void faultCleared(long now) {
        giveUpIfStalled(now);
        fault = null;
        leaveFault(now);
    }

    /**
     * Leaves for good and at once, to INIT: a MASTER sends priority 0, so that the next one need not wait, and releases the
     * addresses.
     */
    public void stop(long now) {
        giveUpIfStalled(now);
        if (handOver.lingers()) {
            release();
        }
        if (state != VrrpState.INIT) {
            transition(now, VrrpState.INIT, TransitionReason.STOPPED);
        }
    }

    /**
     * Leaves for good, to INIT, with a hand-over: a MASTER is gone when its addresses are ({@link #holdsAddresses}), which is
     * when a successor has them or none has come. Everybody else leaves at once.
     */
    public void leave(long now) {
        giveUpIfStalled(now);
        switch (state) {
            case MASTER -> beginHandOver(now, VrrpState.INIT);
            case BACKUP, FAULT -> transition(now, VrrpState.INIT, TransitionReason.STOPPED);
            case INIT -> {}
        }
    }

    /**
     * An operator gives the role to somebody else: a MASTER resigns, and becomes BACKUP when it hears a successor. From then
     * on it obeys any MASTER, whatever the priorities and {@code preempt} say, until that one resigns or falls silent for
     * Master_Down_Interval, or until {@link #standForElection}. If nobody follows, it goes on as MASTER. In other states
     * nothing happens.
     */
    public void handOver(long now) {
        giveUpIfStalled(now);
        if (state == VrrpState.MASTER) {
            beginHandOver(now, VrrpState.MASTER);
        }
    }

    /** The successor in a hand-over told the neighbours that it has the addresses. Without a hand-over nothing happens. */
    public void successorAnnounced(long now) {
        giveUpIfStalled(now);
        if (handOver.hasResigned() || handOver.lingers()) {
            handOver.announced(now);
        }
    }

    /** Priorities count again, after a hand-over: an operator has reloaded the configuration. */
    public void standForElection(long now) {
        giveUpIfStalled(now);
        obeysAnyMaster = false;
    }

    /** Whether it is a MASTER that has resigned and waits for its successor; it must not announce its addresses. */
    public boolean isHandingOver() {
        return handOver.hasResigned();
    }

    /** Whether the addresses belong on this host: it is MASTER, or was until just now and lingers beside its successor. */
    public boolean holdsAddresses() {
        return state == VrrpState.MASTER || handOver.lingers();
    }

    /** Whether it has handed over, and leaves the role with whoever has it now. */
    public boolean obeysAnyMaster() {
        return obeysAnyMaster;
    }

    /**
     * Other settings, without leaving the state. The effective priority follows only where the configured one has changed,
     * so that a tracker's weight outlives a reload. A MASTER advertises changes at once; a BACKUP whose timing changes
     * starts its wait anew, because the old deadline may be too early for the new interval.
     */
    public void reconfigure(long now, RouterSettings settings) {
        giveUpIfStalled(now);
        RouterSettings old = this.settings;
        if (settings.equals(old)) {
            return;
        }
        long oldSkew = skewNanos();
        this.settings = settings;
        boolean otherPriority = settings.priority() != old.priority();
        if (otherPriority) {
            advert = new SendAdvert(settings.priority());
        }
        switch (state) {
            case MASTER -> sayWhatChanged(now);
            case BACKUP -> {
                preemptAtNanos = NONE;
                if (settings.version() != old.version()
                        || settings.advertIntervalNanos() != old.advertIntervalNanos()) {
                    // The MASTER may still keep to the longer interval; its next advert tells.
                    adopt(Math.max(activeIntervalNanos, settings.advertIntervalNanos()));
                    awaitMaster(now);
                } else {
                    moveDeadline(skewNanos() - oldSkew);
                }
                if (otherPriority) {
                    becomeMasterIfOwner(now);
                }
            }
            case INIT, FAULT -> {}
        }
    }

    /**
     * From now on the members of a group decide together who takes over. Where this router would become MASTER by itself, it
     * stays BACKUP and {@link #isReady}, until {@link #becomeMaster}. A MASTER stays one.
     */
    public void joinGroup() {
        inGroup = true;
    }

    /** On its own again: what the group held back takes its usual course, after a wait of Master_Down_Interval. */
    public void leaveGroup(long now) {
        inGroup = false;
        if (ready) {
            ready = false;
            awaitMaster(now);
        }
        groupFaultChanged(now, false);
    }

    /** Whether it is a BACKUP that would be MASTER now, if it were not for its group; ends with an advert that it obeys. */
    public boolean isReady() {
        return ready;
    }

    /** Whether a fault of its own is raised, whatever its group does. */
    public boolean hasFault() {
        return fault != null;
    }

    /** The group takes over: a ready BACKUP becomes MASTER, for the reason that made it ready. */
    public void becomeMaster(long now) {
        if (ready) {
            transition(now, VrrpState.MASTER, takeoverReason);
        }
    }

    /**
     * The group gives up the role: a MASTER becomes BACKUP. Nobody was heard who would follow it on this link, so it resigns,
     * and its successor need not wait for Master_Down_Interval.
     */
    public void becomeBackup(long now) {
        giveUpIfStalled(now);
        if (handOver.hasResigned()) {
            // The others were followed before; this one need not leave the addresses to nobody either.
            handOver.begin(VrrpState.BACKUP);
        } else if (state == VrrpState.MASTER) {
            transition(now, VrrpState.BACKUP, TransitionReason.SYNC_GROUP);
        }
    }

    /** Another member of the group can't serve, or all can again; FAULT lasts until both this and its own faults are gone. */
    public void groupFaultChanged(long now, boolean faulty) {
        if (faulty == groupFault) {
            return;
        }
        giveUpIfStalled(now);
        groupFault = faulty;
        if (faulty) {
            enterFault(now);
        } else {
            leaveFault(now);
        }
    }

    /** The same as calling the method that the event names. */
    public void apply(long now, VrrpEvent event) {
        switch (event) {
            case VrrpEvent.Start() -> start(now);
            case VrrpEvent.AdvertReceived(int priority, IpAddress source, long intervalNanos) ->
                advertReceived(now, priority, source.family(), source.high(), source.low(), intervalNanos);
            case VrrpEvent.TimerExpired() -> timerExpired(now);
            case VrrpEvent.PriorityChanged(int priority) -> priorityChanged(now, priority);
            case VrrpEvent.FaultRaised(TransitionReason reason) -> faultRaised(now, reason);
            case VrrpEvent.FaultCleared() -> faultCleared(now);
            case VrrpEvent.Reconfigured(RouterSettings changed) -> reconfigure(now, changed);
            case VrrpEvent.Stop() -> stop(now);
            case VrrpEvent.Leave() -> leave(now);
            case VrrpEvent.HandOver() -> handOver(now);
            case VrrpEvent.SuccessorAnnounced() -> successorAnnounced(now);
            case VrrpEvent.StandForElection() -> standForElection(now);
        }
    }

    private boolean isFaulty() {
        return fault != null || groupFault;
    }

    private TransitionReason faultReason() {
        return fault != null ? fault : TransitionReason.SYNC_GROUP;
    }

    private void enterFault(long now) {
        if (handOver.hasResigned() && handOver.isForGood()) {
            transition(now, VrrpState.INIT, TransitionReason.STOPPED);
        } else if (state == VrrpState.BACKUP || state == VrrpState.MASTER) {
            transition(now, VrrpState.FAULT, faultReason());
        }
    }

    private void leaveFault(long now) {
        if (state == VrrpState.FAULT && !isFaulty()) {
            takePart(now, TransitionReason.FAULT_CLEARED);
        }
    }

    private void takePart(long now, TransitionReason reason) {
        boolean owner = effectivePriority() == RouterSettings.OWNER_PRIORITY && !obeysAnyMaster;
        if (!owner || inGroup) {
            transition(now, VrrpState.BACKUP, reason);
        }
        if (owner) {
            takeOver(now, TransitionReason.ADDRESS_OWNER);
        }
    }

    private void becomeMasterIfOwner(long now) {
        if (effectivePriority() == RouterSettings.OWNER_PRIORITY) {
            takeOver(now, TransitionReason.ADDRESS_OWNER);
        }
    }

    /** Becomes MASTER, or says that it is ready to. */
    private void takeOver(long now, TransitionReason reason) {
        if (inGroup) {
            ready = true;
            takeoverReason = reason;
            deadlineNanos = NONE;
        } else {
            transition(now, VrrpState.MASTER, reason);
        }
    }

    /**
     * Others may have taken over once the MASTER has been silent for Master_Down_Interval. In a hand-over it is silent on
     * purpose; then what counts is how late it is for its next step.
     */
    private void giveUpIfStalled(long now) {
        if (handOver.lingers() && now - handOver.releaseAtNanos() >= 0) {
            release();
        }
        if (state != VrrpState.MASTER) {
            return;
        }
        if (!handOver.hasResigned()) {
            if (now - advertisedAtNanos > masterDownNanos()) {
                transition(now, VrrpState.BACKUP, TransitionReason.STALLED);
            }
        } else if (now - deadlineNanos > masterDownNanos()) {
            if (handOver.isForGood()) {
                transition(now, VrrpState.INIT, TransitionReason.STOPPED);
            } else {
                obeysAnyMaster = true;
                transition(now, VrrpState.BACKUP, TransitionReason.STALLED);
            }
        }
    }

    private void beginHandOver(long now, VrrpState whenNobodyFollows) {
        boolean begins = !handOver.hasResigned();
        handOver.begin(whenNobodyFollows);
        if (begins && handOver.takeResignation()) {
            resign(now);
        }
    }

    private void resign(long now) {
        actions.accept(RESIGN);
        deadlineNanos = now + HandOver.waitNanos(settings);
    }

    /** Whoever advertises after our resignation is the MASTER now, whatever its priority is. */
    private void heardAsResigned(long now, int priority, long intervalNanos) {
        if (priority == 0) {
            return;
        }
        handOver.followed(now);
        adopt(intervalNanos);
        if (handOver.isForGood()) {
            transition(now, VrrpState.INIT, TransitionReason.STOPPED);
        } else {
            obeysAnyMaster = true;
            transition(now, VrrpState.BACKUP, TransitionReason.HANDED_OVER);
        }
    }

    private void nobodyFollowed(long now) {
        if (handOver.takeResignation()) {
            resign(now);
            return;
        }
        switch (handOver.otherwise()) {
            case INIT -> transition(now, VrrpState.INIT, TransitionReason.STOPPED);
            case BACKUP -> transition(now, VrrpState.BACKUP, TransitionReason.SYNC_GROUP);
            case MASTER, FAULT -> {
                handOver.end();
                sendAdvert(now);
                actions.accept(ACQUIRE);
                actions.accept(ANNOUNCE);
            }
        }
    }

    private void release() {
        handOver.end();
        actions.accept(RELEASE);
    }

    private void heardAsBackup(long now, int priority, long intervalNanos) {
        listeningAfresh = false;
        if (priority == 0) {
            obeysAnyMaster = false;
            if (!ready) {
                deadlineNanos = now + skewNanos();
            }
            takeoverReason = TransitionReason.MASTER_RESIGNED;
        } else if (obeys(now, priority)) {
            adopt(intervalNanos);
            awaitMaster(now);
        } else {
            takeoverReason = TransitionReason.PREEMPTED_LOWER_PRIORITY;
        }
    }

    /** Whether an advert of this priority, not 0, keeps a BACKUP waiting; starts and ends the preemption delay. */
    private boolean obeys(long now, int priority) {
        if (priority >= effectivePriority() || !settings.preempts(effectivePriority()) || obeysAnyMaster) {
            preemptAtNanos = NONE;
            return true;
        }
        if (preemptAtNanos == NONE) {
            preemptAtNanos = now + settings.preemptDelayNanos(effectivePriority());
        }
        return now - preemptAtNanos < 0;
    }

    private void heardAsMaster(long now, int priority, int bySource, long intervalNanos) {
        if (priority == 0) {
            sendAdvert(now);
        } else if (priority > effectivePriority()) {
            giveWay(now, intervalNanos, TransitionReason.HIGHER_PRIORITY);
        } else if (priority == effectivePriority() && bySource > 0) {
            giveWay(now, intervalNanos, TransitionReason.HIGHER_ADDRESS);
        } else {
            if (now - answerAgainAtNanos >= 0 && !settings.lowerPriorityNoAdvert()) {
                sendAdvert(now);
                // Half an interval: each advert that the rival sends by its timer is answered, its answers to ours are
                // not.
                answerAgainAtNanos = now + Math.min(intervalNanos, settings.advertIntervalNanos()) / 2;
            }
            actions.accept(ANNOUNCE);
        }
    }

    private void backupTimerExpired(long now, long lateNanos) {
        if (lateNanos > activeIntervalNanos && !listeningAfresh) {
            listeningAfresh = true;
            awaitMaster(now);
        } else {
            takeOver(now, takeoverReason);
        }
    }

    /**
     * Leaves the role to a better MASTER, with one last advert unless the settings say otherwise. After a cut link was
     * mended the better one may never have heard of us, and then it has no reason to announce again what our gratuitous ARP
     * has taken from it: our advert is that reason.
     */
    private void giveWay(long now, long intervalNanos, TransitionReason reason) {
        if (settings.higherPrioritySendAdvert()) {
            sendAdvert(now);
        }
        adopt(intervalNanos);
        transition(now, VrrpState.BACKUP, reason);
    }

    /**
     * A MASTER's advert is due. The next one is at the first beat after it, at most an interval later: a late advert does not
     * put off the ones after it, and the first ones of a MASTER may come closer together, until it is in step.
     */
    private void masterTimerExpired(long now) {
        sendAdvert(now);
        deadlineNanos -= Math.floorMod(now - settings.phaseNanos(), settings.advertIntervalNanos());
    }

    /** A MASTER has other values to advertise. One that has resigned must not take that back. */
    private void sayWhatChanged(long now) {
        if (!handOver.hasResigned()) {
            sendAdvert(now);
        }
    }

    private void sendAdvert(long now) {
        actions.accept(advert);
        advertisedAtNanos = now;
        deadlineNanos = now + settings.advertIntervalNanos();
    }

    /** A BACKUP that is ready has no deadline to move. */
    private void moveDeadline(long nanos) {
        if (deadlineNanos != NONE) {
            deadlineNanos += nanos;
        }
    }

    /** Arms a BACKUP's timer with Master_Down_Interval. */
    private void awaitMaster(long now) {
        ready = false;
        deadlineNanos = now + TimerMath.masterDownNanos(settings.version(), effectivePriority(), activeIntervalNanos);
        takeoverReason = TransitionReason.MASTER_DOWN;
    }

    /** Version 3 waits by the MASTER's interval (RFC 9568 section 6.4.2), version 2 by its own. */
    private void adopt(long intervalNanos) {
        activeIntervalNanos = settings.version() == VrrpVersion.V3 ? intervalNanos : settings.advertIntervalNanos();
    }

    private long skewNanos() {
        return TimerMath.skewNanos(settings.version(), effectivePriority(), activeIntervalNanos);
    }

    /** The one place where the state changes, with what leaving the old and entering the new one takes. */
    private void transition(long now, VrrpState to, TransitionReason reason) {
        VrrpState from = state;
        boolean resigns = to != VrrpState.BACKUP || reason == TransitionReason.SYNC_GROUP;
        if (from == VrrpState.MASTER && resigns && !handOver.hasResigned() && !handOver.lingers()) {
            actions.accept(RESIGN);
        }
        boolean lingers = handOver.lingers() && (from == VrrpState.MASTER || to == VrrpState.INIT);
        boolean releases = holdsAddresses() && !lingers && to != VrrpState.MASTER;
        if (!lingers) {
            handOver.end();
        }
        if (to == VrrpState.MASTER || to == VrrpState.INIT) {
            obeysAnyMaster = false;
        }
        if (from != VrrpState.BACKUP && from != VrrpState.MASTER) {
            // Nothing heard before counts any more.
            activeIntervalNanos = settings.advertIntervalNanos();
        }
        preemptAtNanos = NONE;
        listeningAfresh = false;
        ready = false;
        answerAgainAtNanos = now;
        deadlineNanos = NONE;
        state = to;
        actions.accept(new StateChanged(from, to, reason));
        if (releases) {
            actions.accept(RELEASE);
        }
        switch (to) {
            case MASTER -> {
                sendAdvert(now);
                actions.accept(ACQUIRE);
                actions.accept(ANNOUNCE);
            }
            case BACKUP -> awaitMaster(now);
            case INIT, FAULT -> {}
        }
    }

    private int compareToOwnSource(IpFamily family, long sourceHigh, long sourceLow) {
        IpAddress own = settings.source();
        int byFamily = family.compareTo(own.family());
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(sourceHigh, own.high());
        return byHigh != 0 ? byHigh : Long.compareUnsigned(sourceLow, own.low());
    }
}
