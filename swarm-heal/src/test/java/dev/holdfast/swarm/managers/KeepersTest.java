package dev.holdfast.swarm.managers;

import static dev.holdfast.swarm.managers.Looks.gone;
import static dev.holdfast.swarm.managers.Looks.look;
import static dev.holdfast.swarm.managers.Looks.manager;
import static dev.holdfast.swarm.managers.Looks.outside;
import static dev.holdfast.swarm.managers.Looks.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.SwarmNode;
import dev.holdfast.swarm.peer.Peers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number of managers, kept by calls. */
class KeepersTest {

    @TempDir
    Path stateDir;

    private final TestClock clock = new TestClock();
    private final FakeAdministration administration = new FakeAdministration();

    private Keepers keepers(KeepMode mode) {
        return new Keepers(
                new ManagersConfig(3, mode, Duration.ofMinutes(1), RejoinMode.AUTO, null),
                Looks.SWARM,
                Looks.ports(administration, Peers.NONE, clock),
                stateDir);
    }

    private void lookFor(Keepers keepers, Duration howLong, boolean master, SwarmNode... nodes) {
        for (long seconds = 0; seconds <= howLong.toSeconds(); seconds += 2) {
            clock.advance(Duration.ofSeconds(2));
            keepers.attend(Looks.round(look(clock.nanos(), nodes), master));
        }
    }

    private static ManagersStatus.Task task(Keepers keepers) {
        return keepers.status().tasks().stream()
                .filter(task -> task.task() == KeepTask.MANAGERS)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDeadManagerIsDemotedAndAWorkerTakesItsPlace() {
        Keepers keepers = keepers(KeepMode.ON);
        administration.answer = call -> new ApiReply.Ok<>("done");
        lookFor(keepers, Duration.ofSeconds(58), true, manager(1), manager(2), gone(3), worker(4));
        assertThat(administration.calls).isEmpty();
        assertThat(task(keepers).reason()).isEqualTo("manager-gone");
        assertThat(task(keepers).waitingUntil()).isEqualTo(clock.now().plusSeconds(2));
        lookFor(keepers, Duration.ofSeconds(2), true, manager(1), manager(2), gone(3), worker(4));
        assertThat(administration.calls).startsWith("n3 worker");
        administration.calls.clear();
        lookFor(keepers, Duration.ofSeconds(28), true, manager(1), manager(2), worker(3, "active", "down"), worker(4));
        assertThat(administration.calls).isEmpty();
        lookFor(keepers, Duration.ofSeconds(2), true, manager(1), manager(2), worker(3, "active", "down"), worker(4));
        assertThat(administration.calls).startsWith("n4 manager");
        administration.calls.clear();
        lookFor(
                keepers,
                Duration.ofMinutes(1),
                true,
                manager(1),
                manager(2),
                worker(3, "active", "down"),
                outside(4, "ready"));
        lookFor(keepers, Duration.ofMinutes(10), true, manager(1), manager(2), worker(3, "active", "down"), manager(4));
        assertThat(administration.calls).isEmpty();
        assertThat(keepers.status().wanted()).isEqualTo(3);
        assertThat(task(keepers).reason()).isEqualTo("as-it-should-be");
    }

    @Test
    void whoIsNotMasterOnlyRemembersForHowLongItHasBeenGone() {
        Keepers keepers = keepers(KeepMode.ON);
        lookFor(keepers, Duration.ofMinutes(5), false, manager(1), manager(2), gone(3), worker(4));
        assertThat(administration.calls).isEmpty();
        lookFor(keepers, Duration.ZERO, true, manager(1), manager(2), gone(3), worker(4));
        assertThat(administration.calls).containsExactly("n3 worker");
    }

    @Test
    void observeSaysItAndOffDoesNot() {
        Keepers keepers = keepers(KeepMode.OBSERVE);
        lookFor(keepers, Duration.ofMinutes(5), true, manager(1), manager(2), gone(3), worker(4));
        assertThat(administration.calls).isEmpty();
        assertThat(task(keepers).plan()).isEqualTo("would-demote");
        keepers.reconfigure(ManagersConfig.defaults(), Looks.SWARM);
        lookFor(keepers, Duration.ofMinutes(5), true, manager(1), manager(2), gone(3), worker(4));
        assertThat(task(keepers).reason()).isEqualTo("off");
        assertThat(keepers.status().wanted()).isZero();
        assertThat(administration.calls).isEmpty();
    }

    @Test
    void aRefusedCallIsFollowedByAPauseAndAnotherNode() {
        Keepers keepers = keepers(KeepMode.ON);
        administration.answer = call -> new ApiReply.Refused<>(500, "update out of sequence");
        lookFor(keepers, Duration.ofSeconds(40), true, manager(1), worker(4), worker(5), worker(6));
        assertThat(administration.calls).containsExactly("n4 manager");
        assertThat(task(keepers).reason()).isEqualTo("backoff");
        lookFor(keepers, Duration.ofSeconds(30), true, manager(1), worker(4), worker(5), worker(6));
        assertThat(administration.calls).containsExactly("n4 manager", "n5 manager");
        assertThat(keepers.status().repairs().get(KeepAction.PROMOTE)).isEqualTo(new ManagersStatus.Count(0, 2));
    }
}
