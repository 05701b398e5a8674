package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import dev.holdfast.agent.config.report.ConfigException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as large as they may be, made to cost as much as they can: they are judged in bounded time, and refused. */
@Timeout(120)
class LargeConfigTest {
    private static final int LARGEST = 1 << 20;
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Judgement {
        void judge() throws ConfigException;
    }

    /** In time of the processor, so that a busy machine does not count. */
    private static Optional<ConfigException> judgedInTime(Judgement judgement) {
        long before = THREADS.getCurrentThreadCpuTime();
        Optional<ConfigException> refusal = Optional.empty();
        try {
            judgement.judge();
        } catch (ConfigException e) {
            refusal = Optional.of(e);
        }
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before)).isLessThan(BOUND);
        return refusal;
    }

    private static String filled(String start, String piece) {
        return start + piece.repeat((LARGEST - start.length()) / piece.length());
    }

    static Stream<Arguments> keepalivedConfs() {
        String words = " a".repeat(8_000);
        return Stream.of(
                arguments(
                        "a long variable that contains itself",
                        filled("$L=" + "x".repeat(16_000) + "\n$B=$B\n", "${L} $B\n")),
                arguments(
                        "lines that define themselves", filled("$B= \\\n" + "$B \\\n".repeat(50_000) + "\n\n", "$B\n")),
                arguments("one line that never ends", filled("", "a \\\n")),
                arguments("braces alone", filled("", "{")),
                arguments("braces of one line each", filled("", "{}\n")),
                arguments("empty lines", filled("", "\n")),
                arguments("unknown keywords", "another-word\n".repeat(20_000)),
                arguments("instances of no content", filled("", "vrrp_instance a {\n}\n")),
                arguments("a variable with thousands of parameters", "${A" + words + "}\n${A" + words + "\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keepalivedConfs")
    void aLargeKeepalivedConfIsJudgedInTime(String name, String text) {
        judgedInTime(() -> Importer.importText("k.conf", text))
                .ifPresent(refusal -> assertThat(refusal.faults()).isNotEmpty());
    }

    static Stream<Arguments> includes() {
        return Stream.of(
                arguments("every file that is installed", "include /usr/*/*/*/*/*/*\n"),
                arguments("braces in braces", "include " + "{a,b}".repeat(40) + "\n"),
                arguments("thousands of alternatives", filled("$I=" + ",".repeat(8_000) + "\n", "include {${I}}\n")),
                arguments("files that are not there", filled("", "include {a,b,c,d}.conf\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("includes")
    void anIncludeOfTooMuchIsRefusedInTime(String name, String text, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("k.conf"), text);
        assertThat(judgedInTime(() -> Importer.importFile(file, "a")))
                .get()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("that can be followed in a second");
    }

    @Test
    void aFifoInAPatternIsNotWaitedFor(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path file = Files.writeString(folder.resolve("k.conf"), "include " + folder + "/*/*\ninclude f*\n");

        assertThat(judgedInTime(() -> Importer.importFile(file, "a"))).isEmpty();
    }

    /** Each file includes all that come after it: read each time, that would be 2^40 files. */
    @Test
    void filesThatIncludeAllOthersAreRefusedInTime(@TempDir Path folder) throws IOException {
        List<Integer> files = IntStream.range(0, 40).boxed().toList();
        for (int file : files) {
            String all = files.stream()
                    .filter(other -> other > file)
                    .map("include %d.conf\n"::formatted)
                    .collect(Collectors.joining());
            Files.writeString(folder.resolve(file + ".conf"), all);
            Files.writeString(folder.resolve(file + ".hocon.conf"), all.replaceAll("(\\d+).conf", "\"$1.hocon.conf\""));
        }
        assertThat(judgedInTime(() -> Importer.importFile(folder.resolve("0.conf"), "a")))
                .isPresent();
        assertThat(judgedInTime(() -> new ConfigLoader(Map.of(), () -> "a").load(folder.resolve("0.hocon.conf"))))
                .get()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("at most 16 files inside each other");
    }

    static Stream<Arguments> hocons() {
        return Stream.of(
                arguments(
                        "unknown keys",
                        "holdfast {\n"
                                + IntStream.range(0, 20_000)
                                        .mapToObj("k%d=1\n"::formatted)
                                        .collect(Collectors.joining())
                                + "}"),
                arguments("objects inside each other", filled("", "a{")),
                arguments("lists inside each other", filled("holdfast=", "[")),
                arguments(
                        "many addresses", filled("holdfast.vrrp.instances.a.addresses=[", "10.0.0.1000000000,") + "a]"),
                arguments(
                        "many scripts",
                        "holdfast.vrrp.scripts {\n"
                                + IntStream.range(0, 20_000)
                                        .mapToObj("s%d{}\n"::formatted)
                                        .collect(Collectors.joining())
                                + "}"),
                arguments("one long word", filled("holdfast.node=", "a")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hocons")
    void aLargeHoconIsRefusedInTime(String name, String text) {
        ConfigLoader loader = new ConfigLoader(Map.of(), () -> "a");
        assertThat(judgedInTime(() -> loader.load("h.conf", text))).isPresent();
    }
}
