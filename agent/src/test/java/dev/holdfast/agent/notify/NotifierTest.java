package dev.holdfast.agent.notify;

import static dev.holdfast.agent.Fixtures.read;
import static dev.holdfast.agent.Fixtures.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.config.Command;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.notify.NotifyEvent.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NotifierTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path log;
    private Notifier notifier;

    @BeforeEach
    void start() {
        log = folder.resolve("log");
        notifier = new Notifier(LIMIT, 4);
    }

    @AfterEach
    void end() throws InterruptedException {
        notifier.close(Duration.ZERO);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = ".*_PRIORITY")
    void theStatesOwnHookRunsBeforeTheOneForAnyWithKeepalivedsArguments(State state) throws InterruptedException {
        notifier.replaceHooks(Map.of("VI_1", allHooks()));
        notifier.transition(new NotifyEvent("VI_1", state, 100));
        notifier.close(LIMIT);
        assertThat(read(log).lines())
                .containsExactly(state + ": INSTANCE VI_1 " + state + " 100", "any: INSTANCE VI_1 " + state + " 100");
        assertThat(notifier.totals().succeeded()).containsEntry("VI_1", 2L);
    }

    @Test
    void hooksRunInTheOrderOfTheTransitionsAndNeverOverlap() throws InterruptedException {
        // The first of each pair takes longer: without an order they would mix.
        notifier.replaceHooks(Map.of(
                "VI_1",
                new NotifyConfig(
                        List.of(writing("any"), writing("again")),
                        List.of(slowly("own")),
                        List.of(),
                        List.of(),
                        List.of())));
        notifier.transition(new NotifyEvent("VI_1", State.MASTER, 1));
        notifier.transition(new NotifyEvent("VI_1", State.BACKUP, 2));
        notifier.transition(new NotifyEvent("VI_1", State.MASTER, 3));
        notifier.close(LIMIT);
        assertThat(read(log).lines())
                .containsExactly(
                        "own begins",
                        "own: INSTANCE VI_1 MASTER 1",
                        "any: INSTANCE VI_1 MASTER 1",
                        "again: INSTANCE VI_1 MASTER 1",
                        "any: INSTANCE VI_1 BACKUP 2",
                        "again: INSTANCE VI_1 BACKUP 2",
                        "own begins",
                        "own: INSTANCE VI_1 MASTER 3",
                        "any: INSTANCE VI_1 MASTER 3",
                        "again: INSTANCE VI_1 MASTER 3");
    }

    @Test
    void aDirectoryOfHooksRunsItsProgramsInTheOrderOfTheirNames() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("notify.d"));
        for (String name :
                List.of("20-b.sh", "10-a", "30-c", ".hidden", "40-d~", "50-e.bak", "60-f.dpkg-old", "data")) {
            Path program =
                    Files.writeString(directory.resolve(name), "#!/bin/sh\necho \"" + name + " $*\" >>" + log + "\n");
            program.toFile().setExecutable(!name.equals("data"));
        }
        Files.createDirectory(directory.resolve("00-folder"));
        notifier.replaceHooks(Map.of("VI_1", onlyAny(Command.of(directory.toString(), "mine"), writing("after"))));
        notifier.transition(new NotifyEvent("VI_1", State.MASTER, 100));
        notifier.close(LIMIT);
        assertThat(read(log).lines())
                .containsExactly(
                        "10-a mine INSTANCE VI_1 MASTER 100",
                        "20-b.sh mine INSTANCE VI_1 MASTER 100",
                        "30-c mine INSTANCE VI_1 MASTER 100",
                        "after: INSTANCE VI_1 MASTER 100");
        assertThat(notifier.totals().succeeded()).containsEntry("VI_1", 4L);
    }

    @Test
    void aHungHookIsKilledAtItsLimitAndTheNextOneRuns() throws InterruptedException {
        notifier = new Notifier(Duration.ofMillis(300), 4);
        notifier.replaceHooks(Map.of("VI_1", onlyAny(sh("sleep 600"), writing("next"))));
        notifier.transition(new NotifyEvent("VI_1", State.MASTER, 100));
        notifier.close(LIMIT);
        assertThat(read(log)).isEqualTo("next: INSTANCE VI_1 MASTER 100\n");
        assertThat(notifier.totals().failed()).containsEntry("VI_1", 1L);
        assertThat(notifier.totals().succeeded()).containsEntry("VI_1", 1L);
    }

    @Test
    void aHookThatHangsDoesNotHoldUpAnotherInstance() {
        notifier.replaceHooks(Map.of("VI_1", onlyAny(sh("sleep 600")), "VI_2", onlyAny(writing("free"))));
        notifier.transition(new NotifyEvent("VI_1", State.MASTER, 100));
        notifier.transition(new NotifyEvent("VI_2", State.MASTER, 90));
        await().until(() -> read(log).equals("free: INSTANCE VI_2 MASTER 90\n"));
    }

    @Test
    void whenTooManyTransitionsWaitTheOldestAreDroppedAndCounted() throws Exception {
        Path gate = folder.resolve("gate");
        notifier.replaceHooks(Map.of(
                "VI_1",
                onlyAny(sh("while [ ! -e $1 ]; do sleep 0.02; done; echo $6 >>$2", gate.toString(), log.toString()))));
        notifier.transition(new NotifyEvent("VI_1", State.MASTER, 0));
        await().until(() -> runsNow(gate));
        IntStream.rangeClosed(1, 10)
                .forEach(priority -> notifier.transition(new NotifyEvent("VI_1", State.BACKUP, priority)));
        Files.createFile(gate);
        notifier.close(LIMIT);
        assertThat(read(log).lines()).containsExactly("0", "7", "8", "9", "10");
        assertThat(notifier.totals().dropped()).containsEntry("VI_1", 6L);
    }

    @Test
    void closingKillsWhatDoesNotEnd() throws InterruptedException {
        notifier.replaceHooks(Map.of("VI_1", onlyAny(sh("echo begun >>$1; sleep 600", log.toString()))));
        notifier.transition(new NotifyEvent("VI_1", State.STOP, 100));
        await().until(() -> read(log).equals("begun\n"));
        long before = System.nanoTime();
        notifier.close(Duration.ofMillis(100));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        await().until(() -> !runsNow(log));
    }

    @Test
    void addedHooksLeaveThoseOfOtherInstancesAlone() throws InterruptedException {
        notifier.replaceHooks(Map.of("OLD", onlyAny(writing("old"))));
        notifier.addHooks(Map.of("NEW", onlyAny(writing("new"))));
        notifier.transition(new NotifyEvent("OLD", State.STOP, 1));
        await().until(() -> read(log).equals("old: INSTANCE OLD STOP 1\n"));
        notifier.replaceHooks(Map.of("NEW", onlyAny(writing("new"))));
        notifier.transition(new NotifyEvent("OLD", State.STOP, 2));
        notifier.transition(new NotifyEvent("NEW", State.BACKUP, 3));
        notifier.close(LIMIT);
        assertThat(read(log)).isEqualTo("old: INSTANCE OLD STOP 1\nnew: INSTANCE NEW BACKUP 3\n");
    }

    private boolean runsNow(Path argument) {
        return ProcessHandle.current()
                .descendants()
                .anyMatch(process -> String.join(" ", process.info().arguments().orElse(new String[0]))
                        .contains(argument.toString()));
    }

    private NotifyConfig allHooks() {
        return new NotifyConfig(
                List.of(writing("any")),
                List.of(writing("MASTER")),
                List.of(writing("BACKUP")),
                List.of(writing("FAULT")),
                List.of(writing("STOP")));
    }

    private static NotifyConfig onlyAny(Command... commands) {
        return new NotifyConfig(List.of(commands), List.of(), List.of(), List.of(), List.of());
    }

    private Command writing(String mark) {
        return sh("f=$1; m=$2; shift 2; echo \"$m: $*\" >>$f", log.toString(), mark);
    }

    private Command slowly(String mark) {
        return sh("f=$1; m=$2; shift 2; echo $m begins >>$f; sleep 0.2; echo \"$m: $*\" >>$f", log.toString(), mark);
    }
}
