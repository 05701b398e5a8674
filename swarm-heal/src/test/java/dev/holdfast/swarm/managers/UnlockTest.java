package dev.holdfast.swarm.managers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmState;
import dev.holdfast.swarm.peer.Peers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A locked engine gets its key, a few times, and nothing else. */
class UnlockTest {

    private static final String KEY = "SWMKEY-1-key";

    @TempDir
    Path stateDir;

    private final TestClock clock = new TestClock();
    private final FakeAdministration administration = new FakeAdministration();
    private Keepers keepers;

    @BeforeEach
    void start() {
        keepers = keepers(KEY);
    }

    private Keepers keepers(String key) {
        return new Keepers(config(key), Looks.SWARM, Looks.ports(administration, Peers.NONE, clock), stateDir);
    }

    private static ManagersConfig config(String key) {
        return new ManagersConfig(
                3, KeepMode.ON, Duration.ofMinutes(5), RejoinMode.AUTO, key.isEmpty() ? null : new Secret(key));
    }

    private ManagersStatus.Task look(SwarmState state) {
        keepers.attend(Looks.round(Looks.look(state, clock.nanos()), true));
        clock.advance(Duration.ofSeconds(2));
        return keepers.status().tasks().getFirst();
    }

    private void lookFor(SwarmState state, Duration howLong) {
        for (long seconds = 0; seconds < howLong.toSeconds(); seconds += 2) {
            look(state);
        }
    }

    @ParameterizedTest
    @EnumSource(SwarmState.class)
    void withoutAKeyNothingIsEverDone(SwarmState state) {
        keepers = keepers("");
        lookFor(state, Duration.ofHours(1));
        assertThat(administration.calls).isEmpty();
        assertThat(look(state).reason())
                .isEqualTo(
                        state == SwarmState.LOCKED ? KeepRefusal.NO_KEY.label() : KeepReason.AS_IT_SHOULD_BE.label());
    }

    @ParameterizedTest
    @EnumSource(value = SwarmState.class, mode = EnumSource.Mode.EXCLUDE, names = "LOCKED")
    void anEngineThatIsNotLockedGetsNoKey(SwarmState state) {
        lookFor(state, Duration.ofMinutes(5));
        assertThat(administration.calls).isEmpty();
    }

    @Test
    void theKeyOpensItAndEachCallIsInTheJournalBeforeAndAfterButNeverTheKey() throws Exception {
        look(SwarmState.LOCKED);
        assertThat(administration.calls).containsExactly("unlock " + KEY);
        lookFor(SwarmState.HAS_LEADER, Duration.ofMinutes(1));
        assertThat(administration.calls).hasSize(1);
        String journal = Files.readString(stateDir.resolve(KeepJournal.FILE));
        assertThat(journal.lines())
                .satisfiesExactly(
                        before -> assertThat(before).contains("\"before\"").contains("\"unlock\""),
                        after -> assertThat(after).contains("\"after\"").contains("\"success\""));
        try (var files = Files.list(stateDir)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(KEY));
        }
        assertThat(keepers.status().repairs().get(KeepAction.UNLOCK)).isEqualTo(new ManagersStatus.Count(1, 0));
    }

    @Test
    void aWrongKeyIsTriedThreeTimesWithGrowingPausesAlsoByAnAgentThatIsStartedAgain() {
        administration.answer = _ -> new ApiReply.Refused<>(400, "invalid key provided");
        look(SwarmState.LOCKED);
        assertThat(administration.calls).hasSize(1);
        assertThat(look(SwarmState.LOCKED).reason()).isEqualTo(KeepReason.BACKOFF.label());
        keepers = keepers(KEY);
        assertThat(look(SwarmState.LOCKED).reason()).isEqualTo(KeepReason.BACKOFF.label());
        lookFor(SwarmState.LOCKED, Duration.ofMinutes(10));
        assertThat(administration.calls).hasSize(UnlockPolicy.MAX_TRIES);
        keepers = keepers(KEY);
        lookFor(SwarmState.LOCKED, Duration.ofMinutes(10));
        assertThat(administration.calls).hasSize(UnlockPolicy.MAX_TRIES);
        assertThat(look(SwarmState.LOCKED).reason()).isEqualTo(KeepRefusal.KEY_REFUSED.label());
    }

    @Test
    void anotherKeyIsTriedAnew() {
        administration.answer = _ -> new ApiReply.Refused<>(400, "invalid key provided");
        lookFor(SwarmState.LOCKED, Duration.ofMinutes(10));
        keepers.reconfigure(config("SWMKEY-1-other"), Looks.SWARM);
        lookFor(SwarmState.LOCKED, Duration.ofMinutes(10));
        assertThat(administration.calls).hasSize(2 * UnlockPolicy.MAX_TRIES).endsWith("unlock SWMKEY-1-other");
    }

    @Test
    void oneThatWorkedCountsAfreshAtTheNextRestartOfTheEngine() {
        for (int restarts = 1; restarts <= 10; restarts++) {
            look(SwarmState.LOCKED);
            look(SwarmState.STARTING);
            look(SwarmState.HAS_LEADER);
            assertThat(administration.calls).hasSize(restarts);
        }
    }

    @Test
    void aTryThatCantBeCountedIsNotMade() throws Exception {
        Files.writeString(stateDir.resolve(UnlockTries.FILE), "{torn");
        assertThat(look(SwarmState.LOCKED).reason()).isEqualTo(KeepRefusal.STATE_NOT_SAVED.label());
        assertThat(administration.calls).isEmpty();
    }

    @Test
    void aCallThatCantBeWrittenDownIsNotMade() throws Exception {
        Files.createDirectory(stateDir.resolve(KeepJournal.FILE));
        look(SwarmState.LOCKED);
        assertThat(administration.calls).isEmpty();
    }

    @Test
    void aTornLineOfTheJournalDoesNotSpoilTheNext() throws Exception {
        Files.write(stateDir.resolve(KeepJournal.FILE), "{\"at\":\"20".getBytes(StandardCharsets.UTF_8));
        look(SwarmState.LOCKED);
        List<String> lines = Files.readAllLines(stateDir.resolve(KeepJournal.FILE));
        assertThat(lines).hasSize(3).last().asString().contains("\"after\"");
    }
}
