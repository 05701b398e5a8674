package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.agent.cli.Cli;
import dev.holdfast.agent.cli.ExitCode;
import dev.holdfast.agent.config.ConfigLoader;
import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show must work as it stands there. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern HOCON = Pattern.compile("```hocon\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("`([a-z0-9-]+)`");
    private static final Pattern COMMA = Pattern.compile(", ");
    private static final Pattern COMMAND_LINE =
            Pattern.compile("(?m)^(?:sudo )?holdfast ([a-z-][^\n]*)$|`(?:sudo )?holdfast ([a-z][^`\n]*)`");
    /** A line of the help's list of commands. */
    private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z]+)  ");

    private static final Pattern SUBCOMMAND = Pattern.compile("(?m)^(?:sudo )?\\./dev (\\w+)");

    static Stream<String> configurations() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md")),
                    docs.filter(f -> f.toString().endsWith(".md")))
                    .flatMap(file -> HOCON.matcher(read(file)).results().map(block -> block.group(1)))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyConfigurationInTheDocumentsLoads(String block, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("holdfast.conf"), block);

        assertThat(ConfigSource.judge(file).config().vrrp().instances()).isNotEmpty();
    }

    /** The section's heading names it; the refusal of a key that does not exist lists those that do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http | http
            vrrp | vrrp
            vrrp.announce | vrrp.announce
            vrrp.instances.NAME | vrrp.instances.x
            vrrp.instances.NAME.addresses[] | vrrp.instances.x.addresses = [{ no-such-key = 1 }], holdfast.vrrp.instances.x
            vrrp.instances.NAME.announce | vrrp.instances.x.announce
            vrrp.instances.NAME.unicast | vrrp.instances.x.unicast
            vrrp.instances.NAME.virtual-mac | vrrp.instances.x.virtual-mac
            vrrp.instances.NAME.authentication | vrrp.instances.x.authentication
            vrrp.instances.NAME.authentication.keys.ID | vrrp.instances.x.authentication.keys.1
            peers | peers
            peers.secret | peers.secret
            swarm | swarm
            swarm.heal | swarm.heal
            swarm.heal.backoff | swarm.heal.backoff
            swarm.managers | swarm.managers
            swarm.unlock-key | swarm.unlock-key
            vrrp.scripts.NAME         | vrrp.scripts.x
            vrrp.checks.NAME          | vrrp.checks.x.http = "http://localhost/", holdfast.vrrp.checks.x
            vrrp.files.NAME           | vrrp.files.x
            vrrp.processes.NAME       | vrrp.processes.x
            vrrp.instances.NAME.track | vrrp.instances.x.track
            vrrp.instances.NAME.track.swarm | vrrp.instances.x.track.swarm
            vrrp.instances.NAME.notify | vrrp.instances.x.notify
            vrrp.notify | vrrp.notify
            vrrp.groups.NAME | vrrp.groups.x
            vrrp.multicast | vrrp.multicast
            vrrp.instances.NAME.multicast | vrrp.instances.x.multicast
            """)
    void everyKeyIsDocumentedAndEveryDocumentedKeyExists(String section, String path) {
        String config = "holdfast." + path + ".no-such-key = 1";
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> new ConfigLoader(Map.of(), () -> "host").load("test.conf", config));
        Fault unknown = refused.faults().stream()
                .filter(fault -> fault.reason() == FaultReason.UNKNOWN_KEY)
                .findFirst()
                .orElseThrow();
        String text = read(ROOT.resolve("docs/configuration.md"));
        String table = text.substring(text.indexOf(": `" + section + "`\n"));
        List<String> documented = table.lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .flatMap(line ->
                        KEY.matcher(line.substring(0, line.indexOf(" |"))).results())
                .map(key -> key.group(1))
                .toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        COMMA.splitAsStream(unknown.accepted()).toList());
    }

    @Test
    void everyCommandOfTheReadmeExists() {
        String dev = read(ROOT.resolve("dev"));

        assertThat(SUBCOMMAND.matcher(read(ROOT.resolve("README.md"))).results())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(dev).contains("\n  " + command.group(1) + ")"));
    }

    @Test
    void theManPageNamesEveryCommand() {
        StringWriter help = new StringWriter();
        new Cli((_, _, _) -> {}, new PrintWriter(help), new PrintWriter(new StringWriter())).run("help");
        String page = read(ROOT.resolve("deploy/man/holdfast.1"));

        assertThat(LISTED.matcher(help.toString()).results().map(command -> command.group(1)))
                .hasSizeGreaterThan(8)
                .allSatisfy(command -> assertThat(page)
                        .containsPattern("(?m)^\\.BR? \"?(?:holdfast |help \", \" )?" + command + "\\b"));
    }

    static Stream<String> commandLines() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md")),
                    docs.filter(f -> f.toString().endsWith(".md")))
                    .flatMap(file -> COMMAND_LINE.matcher(read(file)).results())
                    .map(line -> line.group(1) == null ? line.group(2) : line.group(1))
                    .map(line -> line.replaceFirst("\\s*(?:[#>|;]|&&).*", "").strip())
                    .distinct()
                    .toList()
                    .stream();
        }
    }

    /** In a block or between backquotes. What it then does, without a file or an agent, does not matter here. */
    @ParameterizedTest
    @MethodSource("commandLines")
    void everyCommandLineInTheDocumentsIsUnderstood(String line, @TempDir Path folder) {
        List<String> words = new ArrayList<>(List.of(line.split("\\s+", -1)));
        if (line.startsWith("status") || line.startsWith("heal") || line.startsWith("handover")) {
            words.addAll(List.of("--run-dir", folder.toString()));
        }
        if (line.startsWith("init")) {
            // It would look at this machine's network, and write.
            words.add("--help");
        }
        StringWriter messages = new StringWriter();
        Cli cli = new Cli((_, _, _) -> {}, new PrintWriter(new StringWriter()), new PrintWriter(messages));

        assertThat(cli.run(words.toArray(String[]::new)))
                .as("holdfast %s: %s", line, messages)
                .isNotEqualTo(ExitCode.USAGE);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
