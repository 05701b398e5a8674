package dev.holdfast.agent.track;

import static dev.holdfast.agent.Fixtures.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.ProcessConfig;
import dev.holdfast.agent.config.ProcessConfig.ParamMatch;
import dev.holdfast.agent.config.TrackConfig;
import dev.holdfast.agent.config.Tracked;
import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.policy.RiseFall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Process trackers against processes that really run: copies of sleep under a name that nobody else has. */
class ProcessTrackerTest {
    @TempDir
    private Path folder;

    private final Map<String, EffectivePriority> outcomes = new ConcurrentHashMap<>();
    private final Trackers trackers = new Trackers(outcomes::put, new Interfaces());
    private final List<Process> started = new ArrayList<>();
    private String name = "";
    private Path program = Path.of("/");

    @BeforeEach
    void copy() throws IOException {
        // Longer than what the kernel keeps of a name, and unlike those of a run beside this one.
        name = "hf" + Long.toString(System.nanoTime() % 1_000_000_000_000L, 36) + "-long-name";
        program = Files.copy(Path.of("/bin/sleep").toRealPath(), folder.resolve(name));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void end() throws InterruptedException {
        trackers.close();
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aProcessThatIsGoneIsAFaultAndAZombieIsGone() throws Exception {
        Process process = sleep("600");
        track(config(List.of(name), false, ParamMatch.ANY, 1, Optional.empty()));
        awaitState(RiseFall.State.UP);
        assertThat(status().detail()).isEqualTo("1 running");
        process.destroyForcibly();
        await().until(() -> new EffectivePriority(100, List.of("process p")).equals(outcomes.get("VI_1")));
        assertThat(status().detail()).isEqualTo("0 running, wanted: 1 or more");
        sleep("600");
        awaitState(RiseFall.State.UP);
    }

    @Test
    void aZombieDoesNotRun() throws Exception {
        // The shell becomes a sleep that never asks after the child it had.
        Process parent = new ProcessBuilder("/bin/sh", "-c", program + " 0.2 & exec sleep 600").start();
        started.add(parent);
        track(config(List.of(name), false, ParamMatch.ANY, 1, Optional.empty()));
        await().until(() -> parent.children()
                .anyMatch(child -> read(Path.of("/proc", Long.toString(child.pid()), "stat"))
                        .contains(") Z ")));
        awaitState(RiseFall.State.DOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "1, , 1, UP",
        "2, , 1, DOWN",
        "2, , 2, UP",
        "1, 1, 2, DOWN",
        "0, 0, 1, DOWN",
        "0, 0, 0, UP",
        "0, 2, 2, UP"
    })
    void theQuorumDecides(int quorum, Integer max, int running, RiseFall.State expected) throws IOException {
        for (int i = 0; i < running; i++) {
            sleep("600");
        }
        track(config(List.of(name), false, ParamMatch.ANY, quorum, Optional.ofNullable(max)));
        awaitState(expected);
        assertThat(status().detail()).startsWith(running + " running");
    }

    @ParameterizedTest
    @CsvSource({
        "ANY, 600, UP",
        "ANY, 1, UP",
        "EXACT, 600 600, UP",
        "EXACT, 600, DOWN",
        "EXACT, '', DOWN",
        "PARTIAL, 600, UP",
        "PARTIAL, 60, DOWN",
        "PARTIAL, 600 600 600, DOWN",
        "INITIAL, 60, UP",
        "INITIAL, 600 6, UP",
        "INITIAL, 60 600, DOWN"
    })
    void parametersAreCompared(ParamMatch match, String params, RiseFall.State expected) throws IOException {
        sleep("600", "600");
        List<String> words = new ArrayList<>(List.of(name));
        if (!params.isEmpty()) {
            words.addAll(List.of(params.split(" ")));
        }
        track(config(words, false, match, 1, Optional.empty()));
        awaitState(expected);
    }

    @Test
    void theFullCommandIsThePathItWasStartedBy() throws IOException {
        sleep("600");
        track(config(List.of(program.toString()), true, ParamMatch.ANY, 1, Optional.empty()));
        awaitState(RiseFall.State.UP);
        track(config(List.of(name), true, ParamMatch.ANY, 1, Optional.empty()));
        awaitState(RiseFall.State.DOWN);
    }

    @Test
    void aDelayForgivesARestart() throws Exception {
        Process process = sleep("600");
        ProcessConfig patient = new ProcessConfig(
                "p",
                List.of(name),
                false,
                ParamMatch.ANY,
                1,
                Optional.empty(),
                Duration.ofMillis(20),
                Duration.ZERO,
                Duration.ofSeconds(20),
                0,
                false);
        track(patient);
        awaitState(RiseFall.State.UP);
        process.destroyForcibly().waitFor();
        await().until(() -> status().detail().startsWith("0 running"));
        assertThat(status().state()).isEqualTo(RiseFall.State.UP);
        sleep("600");
        await().until(() -> status().detail().startsWith("1 running"));
        assertThat(status().state()).isEqualTo(RiseFall.State.UP);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private Process sleep(String... seconds) throws IOException {
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(seconds));
        Process process = new ProcessBuilder(line).start();
        started.add(process);
        return process;
    }

    private static ProcessConfig config(
            List<String> process, boolean fullCommand, ParamMatch match, int quorum, Optional<Integer> max) {
        return new ProcessConfig(
                "p",
                process,
                fullCommand,
                match,
                quorum,
                max,
                Duration.ofMillis(20),
                Duration.ZERO,
                Duration.ZERO,
                0,
                false);
    }

    private void track(ProcessConfig process) {
        InstanceConfig instance = new InstanceConfig(
                spec("VI_1", 51, 100),
                new TrackConfig(List.of(), List.of(), List.of(), List.of(), List.of(new Tracked("p", 0, false))),
                NotifyConfig.NONE);
        trackers.apply(new VrrpConfig(List.of(instance), List.of(process)));
    }

    private TrackerStatus status() {
        return trackers.of("VI_1").getFirst();
    }

    private void awaitState(RiseFall.State state) {
        await().until(() -> status().state() == state);
    }
}
