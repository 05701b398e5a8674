package dev.holdfast.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    private static final String GOOD = """
            holdfast.vrrp.instances.VI_1 {
              interface = eth0
              virtual-router-id = 51
              addresses = ["10.0.0.70/24"]
            }
            """;
    private static final String KEEPALIVED = """
            vrrp_instance VI_1 {
                state MASTER
                interface eth0
                virtual_router_id 51
                priority 101
                advert_int 1
                virtual_ipaddress {
                    10.0.0.70/24
                }
            }
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> started = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                              | a command is missing
                    frobnicate                      | frobnicate
                    run extra                       | extra
                    run -c                          | -c
                    check -c a --keepalived-conf b  | mutually exclusive
                    check -c a -c b                 | expected only one match
                    check -c a --config-id b        | goes with --keepalived-conf alone
                    status --yaml                   | --yaml
                    import                          | FILE
                    heal                            | a command is missing
                    heal force                      | force
                    heal eager                      | eager
                    status --watch --json           | --watch is for people
                    completion                      | a command is missing
                    init                            | --vip ADDRESS[/PREFIX] is missing
                    init --vip 10.0.0               | is not an IPv4 or IPv6 address
                    version --json                  | --json
                    """)
    void aWrongCommandLineIsExplainedInTwoLines(String line, String complaint) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(complaint);
        assertThat(err.toString().lines()).hasSize(2).last().asString().startsWith("Try 'holdfast");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help", "run --help", "check -h", "import --help", "status --help"})
    void helpIsOnStdout(String line) {
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith("Usage: holdfast");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void theVersionIsTheBuilds(String line) {
        assertThat(run(line)).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).matches("holdfast \\d+\\.\\d+\\.\\d+\\R");
    }

    @Test
    void aGoodFileIsGood() throws IOException {
        Path file = write("holdfast.conf", GOOD);
        assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith(file + ": good, 1 instance, ");
    }

    @Test
    void aWrongFileIsExitCode3WithEveryFaultOnALineOfItsOwn() throws IOException {
        Path file = write("holdfast.conf", GOOD.replace("51", "300").replace("10.0.0.70/24", "10.0.0.700/24"));
        for (String command : List.of("check", "run")) {
            err.getBuffer().setLength(0);
            assertThat(run(command, "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(err.toString().lines())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).startsWith("error: " + file + ":"))
                    .anySatisfy(line -> assertThat(line).contains("virtual-router-id", "300", "1..255"))
                    .anySatisfy(line -> assertThat(line).contains("addresses", "10.0.0.700/24"));
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void aFileOfCommentsAloneNamesTheCommandThatWritesOne() throws IOException {
        Path file = write("holdfast.conf", "# nothing yet\n");
        assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("holdfast init");
    }

    @Test
    void aFileThatDoesNotExistIsAWrongConfiguration() {
        for (String option : List.of("-c", "--keepalived-conf")) {
            err.getBuffer().setLength(0);
            assertThat(run("check", option, folder.resolve("nowhere.conf").toString()))
                    .isEqualTo(ExitCode.CONFIGURATION);
            assertThat(err.toString()).contains("nowhere.conf").doesNotContain("\tat ");
        }
    }

    @Test
    void whatImportPrintsPassesTheCheck() throws IOException {
        assertThat(run("import", write("keepalived.conf", KEEPALIVED).toString()))
                .isEqualTo(ExitCode.DONE);
        Path imported = write("holdfast.conf", out.toString());
        assertThat(run("check", "-c", imported.toString())).isEqualTo(ExitCode.DONE);
    }

    @Test
    void theLinesOfAnotherHostAreChosenByItsId() throws IOException {
        Path file = write("keepalived.conf", KEEPALIVED.replace("priority 101", "@one priority 7\n@two priority 8"));
        String conf = file.toString();
        assertThat(run("run", "--keepalived-conf", conf, "--config-id", "one")).isEqualTo(ExitCode.DONE);
        assertThat(run("check", "--keepalived-conf", conf, "--config-id", "two"))
                .isEqualTo(ExitCode.DONE);
        assertThat(started).singleElement().asString().startsWith("VI_1 7 in ");
        out.getBuffer().setLength(0);
        assertThat(run("import", "--config-id", "two", conf)).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("priority = 8");
    }

    @Test
    void aMistypedKeywordIsNamedAlsoWhenTheFileIsRefusedForIt() throws IOException {
        Path file = write("keepalived.conf", KEEPALIVED.replace("virtual_router_id", "virtual_routr_id"));
        for (String[] command : List.of(
                new String[] {"check", "--keepalived-conf", file.toString()},
                new String[] {"import", file.toString()})) {
            err.getBuffer().setLength(0);
            assertThat(run(command)).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(err.toString().lines())
                    .anySatisfy(line ->
                            assertThat(line).startsWith("warning: ").contains("did you mean virtual_router_id?"))
                    .anySatisfy(
                            line -> assertThat(line).startsWith("error: ").contains("virtual_router_id is missing"));
        }
    }

    @Test
    void runHandsOverTheFileAndTheFolders() throws IOException {
        Path file = write("keepalived.conf", KEEPALIVED);
        assertThat(run("run", "--keepalived-conf", file.toString(), "--run-dir", "/tmp/r", "--state-dir", "/tmp/s"))
                .isEqualTo(ExitCode.DONE);
        assertThat(run("run", "-c", write("holdfast.conf", GOOD).toString())).isEqualTo(ExitCode.DONE);
        assertThat(started)
                .containsExactly("VI_1 101 in /tmp/r and /tmp/s", "VI_1 100 in /run/holdfast and /var/lib/holdfast");
    }

    @Test
    void anAgentThatCanNotRunIsExitCode1AndOneLine() throws IOException {
        Cli cli = new Cli(
                (_, _, _) -> {
                    throw new Cli.RunFailure("CAP_NET_RAW is missing\nsecond line");
                },
                new PrintWriter(out),
                new PrintWriter(err));
        assertThat(cli.run("run", "-c", write("holdfast.conf", GOOD).toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualTo("holdfast: CAP_NET_RAW is missing second line" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "status --json",
                "status --all",
                "heal status",
                "heal status --json",
                "heal observe",
                "heal guarded",
                "heal quorum",
                "heal now",
                "heal now --yes"
            })
    void withoutAnAgentThereIsNoStatus(String line) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of("--run-dir", folder.toString()));
        assertThat(run(words.toArray(String[]::new))).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .isEqualTo("holdfast: no agent runs with this run-dir: " + folder.resolve("control.sock")
                        + " does not exist" + System.lineSeparator());
    }

    private ExitCode run(String... args) {
        return new Cli(this::start, new PrintWriter(out), new PrintWriter(err)).run(args);
    }

    private void start(ConfigSupplier source, Path runDir, Path stateDir) throws ConfigException {
        LoadedConfig loaded = source.load();
        loaded.config()
                .vrrp()
                .specs()
                .forEach(spec ->
                        started.add(spec.name() + " " + spec.priority() + " in " + runDir + " and " + stateDir));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
