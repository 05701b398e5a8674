package dev.holdfast.agent.track;

import static dev.holdfast.agent.Fixtures.read;
import static dev.holdfast.agent.Fixtures.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.agent.config.FileConfig;
import dev.holdfast.agent.config.InstanceConfig;
import dev.holdfast.agent.config.NotifyConfig;
import dev.holdfast.agent.config.TrackConfig;
import dev.holdfast.agent.config.Tracked;
import dev.holdfast.agent.config.TrackerKind;
import dev.holdfast.agent.config.VrrpConfig;
import dev.holdfast.vrrp.policy.EffectivePriority;
import dev.holdfast.vrrp.policy.RiseFall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

/** Files that hold a number, with the meaning that keepalived.conf(5) gives them. */
class FileTrackerTest {
    @TempDir
    private Path folder;

    private final Map<String, EffectivePriority> outcomes = new ConcurrentHashMap<>();
    private final Trackers trackers = new Trackers(outcomes::put, new Interfaces());

    @AfterEach
    void end() {
        trackers.close();
    }

    @ParameterizedTest
    @CsvSource({
        "20, 1, false, 120, false",
        "-20, 1, false, 80, false",
        "10, 2, false, 120, false",
        "10, -2, false, 80, false",
        "10, 2, true, 80, false",
        "0, 1, false, 100, false",
        "'  7 seven', 1, false, 107, false",
        "253, 1, false, 254, false",
        "9999999999999999999999, 1, false, 254, false",
        "-253, 1, false, 1, false",
        "-254, 1, false, 100, true",
        "1, -254, false, 100, true",
        "1, 254, true, 100, true",
        "-99999999999, 1, false, 100, true",
        "0, 0, false, 100, false",
        "1, 0, false, 100, true",
        "-1, 0, false, 100, true",
        "0, 0, true, 100, true",
        "1, 0, true, 100, false"
    })
    void theNumberTimesTheWeightCounts(String text, int weight, boolean reverse, int priority, boolean fault)
            throws IOException {
        Path file = Files.writeString(folder.resolve("number"), text);
        track(config(file, Optional.empty(), false), weight, reverse);
        await().until(() -> status().state() == RiseFall.State.UP);
        awaitOutcome(new EffectivePriority(priority, fault ? List.of("file f") : List.of()));
    }

    @Test
    void eachChangeOfTheFileCountsAndAMissingFileIsZero() throws IOException {
        Path file = folder.resolve("later").resolve("number");
        track(config(file, Optional.empty(), false), 1, false);
        await().until(() -> status().state() == RiseFall.State.UP);
        assertThat(status().detail()).isEqualTo("no such file, value 0");
        Files.createDirectory(file.getParent());
        Files.writeString(file, "5\n");
        awaitOutcome(new EffectivePriority(105, List.of()));
        Files.move(Files.writeString(folder.resolve("new"), "-5\n"), file, StandardCopyOption.ATOMIC_MOVE);
        awaitOutcome(new EffectivePriority(95, List.of()));
        assertThat(status()).isEqualTo(new TrackerStatus("f", TrackerKind.FILE, RiseFall.State.UP, -5, "value -5"));
        Files.delete(file);
        awaitOutcome(new EffectivePriority(100, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"''", "seven", "7seven", "0x7", "-"})
    void aTextThatIsNoNumberLeavesTheLastOne(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("number"), "5");
        track(config(file, Optional.empty(), false), 1, false);
        awaitOutcome(new EffectivePriority(105, List.of()));
        Files.writeString(file, text);
        await().during(Duration.ofMillis(200))
                .until(() -> new EffectivePriority(105, List.of()).equals(outcomes.get("VI_1")));
    }

    @Test
    void aFifoOrADirectoryInItsPlaceHoldsNothingUp() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        track(config(fifo, Optional.empty(), false), 1, false);
        Files.delete(fifo);
        await().until(() -> status().state() == RiseFall.State.UP);
    }

    @ParameterizedTest
    @CsvSource({", false, 7", ", true, 7", "3, false, 3", "3, true, 7"})
    void theInitialValueIsWrittenWhereThereIsNoneOrItIsToBeOverwritten(String old, boolean overwrite, int expected)
            throws IOException {
        Path file = folder.resolve("number");
        if (old != null) {
            Files.writeString(file, old);
        }
        track(config(file, Optional.of(7), overwrite), 1, false);
        awaitOutcome(new EffectivePriority(100 + expected, List.of()));
        assertThat(read(file).strip()).isEqualTo(Integer.toString(expected));
    }

    @Test
    void aReloadWithAnotherIntervalKeepsTheNumberAndTheFile() throws IOException {
        Path file = folder.resolve("number");
        track(config(file, Optional.of(7), true), 1, false);
        awaitOutcome(new EffectivePriority(107, List.of()));
        Files.writeString(file, "8");
        awaitOutcome(new EffectivePriority(108, List.of()));
        outcomes.clear();
        FileConfig slower = new FileConfig("f", file, Duration.ofMillis(30), Optional.of(7), true, 1, false);
        track(slower, 2, false);
        assertThat(outcomes).containsEntry("VI_1", new EffectivePriority(116, List.of()));
        Files.writeString(file, "9");
        awaitOutcome(new EffectivePriority(118, List.of()));
    }

    private static FileConfig config(Path file, Optional<Integer> initValue, boolean overwrite) {
        return new FileConfig("f", file, Duration.ofMillis(10), initValue, overwrite, 1, false);
    }

    private void track(FileConfig file, int weight, boolean reverse) {
        InstanceConfig instance = new InstanceConfig(
                spec("VI_1", 51, 100),
                new TrackConfig(List.of(), List.of(), List.of(), List.of(new Tracked("f", weight, reverse)), List.of()),
                NotifyConfig.NONE);
        trackers.apply(new VrrpConfig(List.of(instance), List.of(file)));
    }

    private TrackerStatus status() {
        return trackers.of("VI_1").getFirst();
    }

    private void awaitOutcome(EffectivePriority expected) {
        await().until(() -> expected.equals(outcomes.get("VI_1")));
    }
}
