package dev.holdfast.agent.track;

import static dev.holdfast.agent.Fixtures.instance;
import static dev.holdfast.agent.Fixtures.read;
import static dev.holdfast.agent.Fixtures.script;
import static dev.holdfast.agent.Fixtures.sh;
import static dev.holdfast.agent.Fixtures.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.ScriptConfig;
import dev.holdfast.agent.config.TrackConfig;
import dev.holdfast.agent.config.Tracked;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.vrrp.engine.LinkState;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.policy.RiseFall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackersTest {
    @TempDir
    private Path folder;

    private final Map<String, EffectivePriority> outcomes = new ConcurrentHashMap<>();
    private final Interfaces interfaces = new Interfaces();
    private final Trackers trackers = new Trackers(outcomes::put, interfaces);

    @AfterEach
    void end() {
        trackers.close();
    }

    @Test
    void aFailingScriptWithoutWeightIsAFaultAndEndsWhenItSucceeds() throws Exception {
        Path well = folder.resolve("well");
        Files.createFile(well);
        trackers.apply(config(fileCheck("apiserver", well), new Tracked("apiserver", 0, false)));
        awaitState("apiserver", RiseFall.State.UP);
        Files.delete(well);
        awaitOutcome(new EffectivePriority(100, List.of("script apiserver")));
        Files.createFile(well);
        awaitOutcome(new EffectivePriority(100, List.of()));
    }

    @Test
    void aWeightMovesThePriority() throws Exception {
        Path well = folder.resolve("well");
        trackers.apply(config(fileCheck("s", well), new Tracked("s", -30, false)));
        awaitOutcome(new EffectivePriority(70, List.of()));
        Files.createFile(well);
        awaitOutcome(new EffectivePriority(100, List.of()));
    }

    @Test
    void withoutAResultYetATrackerChangesNothing() {
        ScriptConfig endless = new ScriptConfig(
                "endless",
                sh("sleep 600"),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                1,
                1,
                0,
                false,
                ScriptConfig.Init.UNKNOWN,
                Optional.empty());
        trackers.apply(config(endless, new Tracked("endless", 0, false)));
        awaitOutcome(new EffectivePriority(100, List.of()));
        trackers.apply(config(endless, new Tracked("endless", 50, false)));
        assertThat(outcomes).containsEntry("VI_1", new EffectivePriority(100, List.of()));
        assertThat(trackers.of("VI_1"))
                .containsExactly(new TrackerStatus("endless", TrackerKind.SCRIPT, RiseFall.State.UNKNOWN, 0, ""));
    }

    @Test
    void aHungScriptCountsAsFailedAtItsDeadlineAndRunsAgainOnlyWhenItIsGone() {
        Path starts = folder.resolve("starts");
        trackers.apply(config(
                script("hung", "/bin/sh", "-c", "echo $$ >>" + starts + "; sleep 600"), new Tracked("hung", 0, false)));
        awaitOutcome(new EffectivePriority(100, List.of("script hung")));
        assertThat(trackers.of("VI_1").getFirst().detail()).isEqualTo("killed after 300 ms");
        await().until(() -> read(starts).lines().count() >= 3);
        List<String> pids = read(starts).lines().toList();
        pids.subList(0, 2).forEach(pid -> assertThat(Path.of("/proc", pid)).doesNotExist());
    }

    @Test
    void riseAndFallAreCounted() throws Exception {
        Path runs = folder.resolve("runs");
        Path well = Files.createFile(folder.resolve("well"));
        ScriptConfig counting = new ScriptConfig(
                "s",
                sh(
                        "if [ -e $1 ]; then echo up >>$2; else echo down >>$2; exit 1; fi",
                        well.toString(),
                        runs.toString()),
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                1,
                4,
                0,
                false,
                ScriptConfig.Init.UNKNOWN,
                Optional.empty());
        trackers.apply(config(counting, new Tracked("s", 0, false)));
        awaitState("s", RiseFall.State.UP);
        Files.delete(well);
        awaitOutcome(new EffectivePriority(100, List.of("script s")));
        assertThat(read(runs).lines().filter("down"::equals).count()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aScriptOfAMissingUserIsDownWithTheReason() {
        ScriptConfig foreign = new ScriptConfig(
                "s",
                sh("exit 0"),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                1,
                1,
                0,
                false,
                ScriptConfig.Init.UNKNOWN,
                Optional.of("nobody-of-that-name"));
        trackers.apply(config(foreign, new Tracked("s", 0, false)));
        awaitState("s", RiseFall.State.DOWN);
        assertThat(trackers.of("VI_1").getFirst().detail()).contains("no user \"nobody-of-that-name\"");
    }

    @Test
    void anInterfaceThatIsMissingIsAFaultAndOneThatIsUpIsNone() {
        interfaces.changed("eth1", LinkState.UP);
        InstanceConfig missing = new InstanceConfig(
                spec("VI_1", 51, 100),
                new TrackConfig(List.of(), List.of(new Tracked("nowhere0", 0, false))),
                NotifyConfig.NONE);
        InstanceConfig loopback = new InstanceConfig(
                spec("VI_2", 52, 100),
                new TrackConfig(List.of(), List.of(new Tracked("eth1", 0, false))),
                NotifyConfig.NONE);
        trackers.apply(new VrrpConfig(List.of(missing, loopback), List.of()));
        awaitOutcome(new EffectivePriority(100, List.of("interface nowhere0")));
        await().until(() -> trackers.of("VI_2").getFirst().state() == RiseFall.State.UP);
        assertThat(outcomes).containsEntry("VI_2", new EffectivePriority(100, List.of()));

        interfaces.changed("eth1", LinkState.NO_CARRIER);
        await().until(() -> new EffectivePriority(100, List.of("interface eth1")).equals(outcomes.get("VI_2")));
        assertThat(trackers.of("VI_2").getFirst().detail()).isEqualTo("no carrier");
        interfaces.changed("nowhere0", LinkState.UP);
        awaitOutcome(new EffectivePriority(100, List.of()));
    }

    @Test
    void aReloadLeavesAnUnchangedTrackerItsStateAndItsProcess() {
        Path starts = folder.resolve("starts");
        ScriptConfig once = new ScriptConfig(
                "s",
                sh("echo run >>$1; exit 1", starts.toString()),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                1,
                1,
                0,
                false,
                ScriptConfig.Init.UNKNOWN,
                Optional.empty());
        trackers.apply(config(once, new Tracked("s", -10, false)));
        awaitOutcome(new EffectivePriority(90, List.of()));
        trackers.apply(config(once, new Tracked("s", -20, false)));
        assertThat(outcomes).containsEntry("VI_1", new EffectivePriority(80, List.of()));
        assertThat(read(starts)).isEqualTo("run\n");
    }

    @ParameterizedTest
    @CsvSource({"UP, UP", "DOWN, DOWN", "UNKNOWN, UNKNOWN"})
    void aScriptCountsAsWhatTheConfigurationSaysBeforeItsFirstResult(ScriptConfig.Init init, RiseFall.State expected) {
        ScriptConfig endless = new ScriptConfig(
                "s",
                sh("sleep 600"),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                1,
                1,
                0,
                false,
                init,
                Optional.empty());
        trackers.apply(config(endless, new Tracked("s", 0, false)));
        assertThat(trackers.of("VI_1").getFirst().state()).isEqualTo(expected);
        assertThat(outcomes.get("VI_1").isFault()).isEqualTo(expected == RiseFall.State.DOWN);
    }

    @Test
    void afterADownStartRiseResultsAreNeeded() {
        Path runs = folder.resolve("runs");
        ScriptConfig well = new ScriptConfig(
                "s",
                sh("echo run >>$1", runs.toString()),
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                3,
                1,
                0,
                false,
                ScriptConfig.Init.DOWN,
                Optional.empty());
        trackers.apply(config(well, new Tracked("s", 0, false)));
        awaitOutcome(new EffectivePriority(100, List.of()));
        assertThat(read(runs).lines().count()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aStoppedScriptWithAStoppedChildCountsAsFailedAtItsDeadlineAndBothAreGoneBeforeTheNextRun() {
        Path pids = folder.resolve("pids");
        trackers.apply(config(
                script(
                        "stopped",
                        "/bin/sh",
                        "-c",
                        "sleep 600 & echo $! >>" + pids + "; echo $$ >>" + pids + "; kill -STOP $! $$"),
                new Tracked("stopped", 0, false)));
        awaitOutcome(new EffectivePriority(100, List.of("script stopped")));
        await().until(() -> read(pids).lines().count() >= 6);
        read(pids).lines().limit(4).forEach(pid -> await().until(() -> !Files.exists(Path.of("/proc", pid))));
    }

    @Test
    void aChangedScriptGoesOnWithTheStateOfTheOneBefore() throws Exception {
        Path well = folder.resolve("well");
        trackers.apply(config(fileCheck("s", well), new Tracked("s", -30, false)));
        awaitOutcome(new EffectivePriority(70, List.of()));
        outcomes.clear();
        ScriptConfig endless = new ScriptConfig(
                "s",
                sh("sleep 600"),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                1,
                1,
                0,
                false,
                ScriptConfig.Init.UNKNOWN,
                Optional.empty());
        trackers.apply(config(endless, new Tracked("s", -30, false)));
        assertThat(trackers.effective("VI_1", 100)).isEqualTo(new EffectivePriority(70, List.of()));
        assertThat(outcomes).isEmpty();
    }

    @Test
    void aScriptThatNobodyTracksDoesNotRun() {
        Path starts = folder.resolve("starts");
        Path other = folder.resolve("other");
        trackers.apply(new VrrpConfig(
                List.of(instance(spec("VI_1", 51, 100), new Tracked("tracked", 0, false))),
                List.of(
                        script("tracked", "/bin/sh", "-c", "echo run >>" + other),
                        script("unused", "/bin/sh", "-c", "echo run >>" + starts))));
        await().until(() -> read(other).lines().count() >= 3);
        assertThat(starts).doesNotExist();
    }

    private static VrrpConfig config(ScriptConfig script, Tracked tracked) {
        return new VrrpConfig(List.of(instance(spec("VI_1", 51, 100), tracked)), List.of(script));
    }

    private static ScriptConfig fileCheck(String name, Path file) {
        return script(name, "/usr/bin/test", "-e", file.toString());
    }

    private void awaitOutcome(EffectivePriority expected) {
        await().until(() -> expected.equals(outcomes.get("VI_1")));
    }

    private void awaitState(String name, RiseFall.State state) {
        await().until(() ->
                trackers.of("VI_1").stream().anyMatch(status -> status.name().equals(name) && status.state() == state));
    }
}
