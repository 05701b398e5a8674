package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealJournalTest {

    private static final Duration UNKNOWN = Duration.ofSeconds(60);
    private static final SwarmGateway.ForceRequest REQUEST =
            new SwarmGateway.ForceRequest(Swarms.ip("10.0.0.1"), 2377, 4789);
    private static final HealPlan PLAN = new HealPlan.Force(Swarms.ip("10.0.0.1"), "Zürich antwortet nicht");

    @TempDir
    Path directory;

    private final FakeClock clock = new FakeClock();

    private HealJournal journal() {
        return new HealJournal(StateStore.in(directory), clock);
    }

    private void attempt(String id) throws IOException {
        journal().attempt(id, REQUEST, PLAN, Swarms.managers(2, 0));
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        attempt("a");
        clock.advance(Duration.ofSeconds(10));
        journal().result("a", ForceResult.FAILURE, Duration.ofSeconds(3), "no");
        clock.advance(Duration.ofSeconds(10));
        attempt("b");
        journal().result("b", ForceResult.SUCCESS, Duration.ZERO, "");
        attempt("c");
        journal().cancelled("c", "no longer MASTER");
        attempt("d");
        journal().decision(new HealPlan.Wait(HealReason.HOLD, "", 0), SwarmState.NO_LEADER);
        clock.advance(Duration.ofSeconds(5));

        long now = clock.nanos();
        assertThat(journal().load(UNKNOWN).calls())
                .containsExactly(
                        new Attempts.Call(now - 15_000_000_000L, ForceResult.FAILURE, 3_000_000_000L),
                        new Attempts.Call(now - 5_000_000_000L, ForceResult.SUCCESS, 0),
                        new Attempts.Call(now - 5_000_000_000L, null, UNKNOWN.toNanos()));
    }

    @Test
    void aLineTornAtAnyByteIsSkippedAndTheNextIsWhole() throws IOException {
        attempt("a");
        Path file = directory.resolve(HealJournal.FILE);
        byte[] first = Files.readAllBytes(file);
        attempt("b");
        byte[] both = Files.readAllBytes(file);
        for (int length = 0; length <= both.length; length++) {
            Files.write(file, Arrays.copyOf(both, length));
            // A line that lacks only its end is complete.
            int whole = (length >= first.length - 1 ? 1 : 0) + (length >= both.length - 1 ? 1 : 0);
            assertThat(journal().load(UNKNOWN).calls())
                    .as("cut at byte %d", length)
                    .hasSize(whole);
            attempt("c");
            assertThat(journal().load(UNKNOWN).calls())
                    .as("appended at byte %d", length)
                    .hasSize(whole + 1);
        }
    }

    @Test
    void foreignLinesSayNothing() throws IOException {
        Files.writeString(directory.resolve(HealJournal.FILE), """
                not json
                []
                42
                {"event":"attempt"}
                {"event":"attempt","id":"x","at":"yesterday"}
                {"event":"result","id":"x","at":"2026-03-01T00:00:00Z","result":"perhaps"}
                {"event":"attempt","id":"ancient","at":"-999999999-01-01T00:00:00Z"}
                \u0000\u0000\u0000
                """);
        assertThat(journal().load(UNKNOWN).calls()).hasSize(1);
    }

    @Test
    void aWallClockSetBackWaitsLongerAndNotShorter() throws IOException {
        attempt("a");
        clock.setWall(clock.now().minus(Duration.ofDays(1)));
        assertThat(journal().load(UNKNOWN).calls())
                .containsExactly(new Attempts.Call(clock.nanos(), null, UNKNOWN.toNanos()));
    }

    @Test
    void aLongJournalIsRotatedAndStillRead() throws IOException {
        attempt("a");
        HealPlan.Refuse chatty = new HealPlan.Refuse(HealRefusal.WITNESS_SILENT, "x".repeat(10_000));
        for (int i = 0; i < 120; i++) {
            journal().decision(chatty, SwarmState.NO_LEADER);
        }
        attempt("b");
        assertThat(directory.resolve(HealJournal.FILE + ".1")).exists();
        assertThat(Files.size(directory.resolve(HealJournal.FILE))).isLessThan(1 << 20);
        assertThat(journal().load(UNKNOWN).calls()).hasSize(2);
    }
}
