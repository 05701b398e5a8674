package dev.holdfast.vrrp.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.vrrp.fsm.RouterSettings;
import dev.holdfast.vrrp.fsm.TransitionReason;
import dev.holdfast.vrrp.fsm.VirtualRouter;
import dev.holdfast.vrrp.fsm.VrrpAction;
import dev.holdfast.vrrp.fsm.VrrpState;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.VrrpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three members of one group on one host; priority 100, an advert each second. */
class SyncGroupTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MASTER_DOWN = 3_609_375_000L;
    private static final IpAddress RIVAL = IpAddress.parse("10.0.0.9");

    private final List<List<VrrpAction>> actions = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final List<VirtualRouter> members = new ArrayList<>();
    private SyncGroup group = groupOf(100);
    private long now;

    /**
     * The group's states before, what happens to its first member, its states after (B, M, F, I; R: BACKUP and ready), and
     * who resigned.
     */
    @ParameterizedTest
    @CsvSource(textBlock = """
            BBB, higher advert,  BBB, ...
            BBB, timer,          RBB, ...
            BBB, fault,          FFF, ...
            BBB, stop,           IBB, ...
            BBB, become owner,   RBB, ...
            RRB, lower advert,   RRB, ...
            RRB, higher advert,  BRB, ...
            RRB, resignation,    RRB, ...
            RRB, fault,          FFF, ...
            BRR, timer,          MMM, ...
            BRR, become owner,   MMM, ...
            BRR, higher advert,  BRR, ...
            BRR, fault,          FFF, ...
            MMM, timer,          MMM, ...
            MMM, lower advert,   MMM, ...
            MMM, resignation,    MMM, ...
            MMM, higher advert,  BBB, .rr
            MMM, fault,          FFF, rrr
            MMM, stop,           IBB, rrr
            MMM, sleep,          BBB, ...
            FFF, mend,           BBB, ...
            FFF, mend one,       FFF, ...
            FFF, higher advert,  FFF, ...
            """)
    void theMembersMoveTogether(String before, String event, String after, String resigned) {
        bringTo(before);
        actions.forEach(List::clear);

        happens(event);

        assertThat(states()).isEqualTo(after);
        assertThat(actions.stream()
                        .map(a -> a.contains(new VrrpAction.SendAdvert(0)) ? "r" : ".")
                        .collect(Collectors.joining()))
                .isEqualTo(resigned);
    }

    @ParameterizedTest
    @CsvSource({"BBB, BACKUP", "RRB, BACKUP", "MMM, MASTER", "FFF, FAULT"})
    void theGroupHasAStateOfItsOwn(String members, VrrpState state) {
        bringTo(members);

        assertThat(group.state()).isEqualTo(state);
    }

    @Test
    void beforeTheStartOfAllOfThemNothingMoves() {
        assertThat(group.state()).isEqualTo(VrrpState.INIT);
        members.get(0).start(now);
        settle();
        now = MASTER_DOWN;
        members.get(0).timerExpired(now);
        settle();

        assertThat(states()).isEqualTo("RII");
        assertThat(group.state()).isEqualTo(VrrpState.INIT);
    }

    @Test
    void ownersAreMasterOnceAllHaveStarted() {
        group = groupOf(255);
        for (VirtualRouter member : members) {
            member.start(now);
            settle();
        }

        assertThat(states()).isEqualTo("MMM");
        assertThat(actions.get(2))
                .contains(new VrrpAction.StateChanged(
                        VrrpState.BACKUP, VrrpState.MASTER, TransitionReason.ADDRESS_OWNER));
    }

    @Test
    void whoMovesWithTheOthersSaysSo() {
        bringTo("MMM");
        happens("higher advert");

        assertThat(actions.get(0))
                .contains(new VrrpAction.StateChanged(
                        VrrpState.MASTER, VrrpState.BACKUP, TransitionReason.HIGHER_PRIORITY));
        assertThat(actions.get(1))
                .contains(new VrrpAction.StateChanged(VrrpState.MASTER, VrrpState.BACKUP, TransitionReason.SYNC_GROUP));
    }

    @Test
    void aMemberFaultyForItselfAndForItsGroupWaitsForBoth() {
        bringTo("FFF");
        members.get(1).faultRaised(now, TransitionReason.INTERFACE_DOWN);
        settle();

        happens("mend");
        assertThat(states()).isEqualTo("FFF");

        members.get(1).faultCleared(now);
        settle();
        assertThat(states()).isEqualTo("BBB");
    }

    @Test
    void aReadyMemberHasNoDeadlineAndKeepsNoneWhenItsPriorityChanges() {
        bringTo("RRB");
        members.get(0).priorityChanged(now, 50);
        settle();

        assertThat(members.get(0).deadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(states()).isEqualTo("RRB");
    }

    @Test
    void aMemberThatJoinsAMasterListensFirstAndThenFollows() {
        bringTo("MMM");
        VirtualRouter fourth = new VirtualRouter(settings(100), _ -> {});
        members.add(fourth);
        group = new SyncGroup("gateway", members);
        fourth.start(now);
        settle();
        assertThat(states()).isEqualTo("MMMB");

        for (int i = 0; i < 4; i++) {
            now += SECOND;
            members.forEach(member -> member.timerExpired(now));
            settle();
        }
        assertThat(states()).isEqualTo("MMMM");
    }

    @Test
    void aDissolvedGroupsMembersGoOnAlone() {
        bringTo("RRB");
        group.dissolve(now);

        now += MASTER_DOWN;
        members.get(0).timerExpired(now);

        assertThat(states()).startsWith("M").endsWith("B");
    }

    @Test
    void aDissolvedGroupsFaultIsGone() {
        bringTo("FFF");
        group.dissolve(now);

        assertThat(states()).isEqualTo("FBB");
    }

    @Test
    void aGroupHasMembers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SyncGroup("empty", List.of()))
                .withMessageContaining("the sync group empty needs at least one member");
    }

    private void happens(String event) {
        VirtualRouter first = members.getFirst();
        switch (event) {
            case "higher advert" -> advert(first, 200);
            case "lower advert" -> advert(first, 50);
            case "resignation" -> advert(first, 0);
            case "timer" -> {
                now = Math.max(now, first.deadlineNanos());
                first.timerExpired(now);
            }
            case "sleep" -> {
                now += 10 * SECOND;
                first.timerExpired(now);
            }
            case "fault" -> first.faultRaised(now, TransitionReason.TRACKER_FAILED);
            case "mend" -> first.faultCleared(now);
            case "mend one" -> {
                members.get(2).faultRaised(now, TransitionReason.TRACKER_FAILED);
                first.faultCleared(now);
            }
            case "become owner" -> first.priorityChanged(now, 255);
            case "stop" -> first.stop(now);
            default -> throw new IllegalArgumentException(event);
        }
        settle();
    }

    private void bringTo(String states) {
        members.forEach(member -> member.start(now));
        settle();
        now += MASTER_DOWN;
        for (int i = 0; i < states.length(); i++) {
            if (states.charAt(i) == 'R' || states.charAt(i) == 'M') {
                members.get(i).timerExpired(now);
                settle();
            }
        }
        if (states.startsWith("F")) {
            happens("fault");
        }
        assertThat(states()).isEqualTo(states);
    }

    private void advert(VirtualRouter member, int priority) {
        member.advertReceived(now, priority, RIVAL.family(), RIVAL.high(), RIVAL.low(), SECOND);
    }

    private void settle() {
        group.settle(now);
        String settled = states();
        group.settle(now);
        assertThat(states()).as("settled once is settled").isEqualTo(settled);
    }

    private String states() {
        return members.stream()
                .map(m -> m.isReady() ? "R" : m.state().name().substring(0, 1))
                .collect(Collectors.joining());
    }

    private SyncGroup groupOf(int priority) {
        members.clear();
        for (List<VrrpAction> taken : actions) {
            members.add(new VirtualRouter(settings(priority), taken::add));
        }
        return new SyncGroup("gateway", members);
    }

    private static RouterSettings settings(int priority) {
        return new RouterSettings(
                VrrpVersion.V3, IpAddress.parse("10.0.0.5"), priority, SECOND, true, 0, VrrpState.BACKUP);
    }
}
