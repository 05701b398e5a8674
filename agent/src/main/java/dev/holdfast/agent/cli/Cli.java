package dev.holdfast.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.config.ConfigSource;
import dev.holdfast.agent.config.Host;
import dev.holdfast.agent.config.HostChecks;
import dev.holdfast.agent.config.Importer;
import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.control.ControlClient;
import dev.holdfast.agent.control.ControlException;
import dev.holdfast.agent.control.RunDir;
import dev.holdfast.agent.status.HoldfastVersion;
import dev.holdfast.agent.status.StatusTable;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The commands. Built from picocli's model and not from annotations, which would be looked up by reflection at each start.
 */
public final class Cli {
    private static final Path DEFAULT_CONFIG = Path.of("/etc/holdfast/holdfast.conf");
    private static final String CONFIG_ID = "--config-id";
    /** Twice the longest Skew_Time there is, 40.95 s, and something on top. */
    private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(100);

    private static final Path DEFAULT_STATE_DIR = Path.of("/var/lib/holdfast");

    /** Runs an agent until it is told to leave. */
    @FunctionalInterface
    public interface Runner {
        /**
         * Blocks until the agent has left.
         *
         * @throws ConfigException if the configuration can't be used
         * @throws RunFailure if the agent can't run here
         */
        void run(ConfigSupplier source, Path runDir, Path stateDir) throws ConfigException, RunFailure;
    }

    /** The agent can't run here; the message is for the operator. */
    public static final class RunFailure extends Exception {
        private static final long serialVersionUID = 1L;

        /**
         * Why.
         *
         * @param message one line
         */
        public RunFailure(String message) {
            super(message);
        }
    }

    private final Runner runner;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * Commands that write to these.
     *
     * @param runner what {@code run} runs
     */
    public Cli(Runner runner, PrintWriter out, PrintWriter err) {
        this.runner = runner;
        this.out = out;
        this.err = err;
    }

    /** Does what the arguments say; never throws for anything the user did. */
    public ExitCode run(String... args) {
        CommandLine commands = new CommandLine(root());
        try {
            ParseResult parsed = commands.parseArgs(args);
            return execute(parsed);
        } catch (ParameterException e) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            err.println(name + ": " + oneLine(String.valueOf(e.getMessage())));
            err.println("Try '" + name + " --help'.");
            return ExitCode.USAGE;
        } finally {
            out.flush();
            err.flush();
        }
    }

    private ExitCode execute(ParseResult root) {
        ParseResult parsed = root;
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        CommandSpec command = parsed.commandSpec();
        if (parsed.isUsageHelpRequested()) {
            command.commandLine().usage(out);
            return ExitCode.DONE;
        }
        return switch (command.qualifiedName(" ")) {
            case "holdfast run" -> runAgent(parsed);
            case "holdfast check" -> check(parsed);
            case "holdfast import" -> importFile(parsed);
            case "holdfast status" -> status(parsed);
            case "holdfast handover" -> handOver(parsed);
            case "holdfast heal status" -> healStatus(parsed);
            case "holdfast version" -> {
                out.println("holdfast " + HoldfastVersion.current());
                yield ExitCode.DONE;
            }
            case "holdfast help" -> {
                command.parent().commandLine().usage(out);
                yield ExitCode.DONE;
            }
            default ->
                throw new ParameterException(
                        command.commandLine(),
                        "a command is missing: one of "
                                + String.join(", ", command.subcommands().keySet()));
        };
    }

    private ExitCode runAgent(ParseResult parsed) {
        try {
            runner.run(
                    source(parsed),
                    path(parsed, "--run-dir", RunDir.DEFAULT),
                    path(parsed, "--state-dir", DEFAULT_STATE_DIR));
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return refused(e);
        } catch (RunFailure e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private ExitCode check(ParseResult parsed) {
        try {
            LoadedConfig loaded = judged(parsed);
            List<ConfigWarning> warnings = Stream.concat(
                            loaded.warnings().stream(), HostChecks.of(loaded, Host.ofThisHost()).stream())
                    .toList();
            warnings.forEach(warning -> err.println("warning: " + warning.message()));
            int instances = loaded.config().vrrp().instances().size();
            out.println(configFile(parsed) + ": good, " + count(instances, "instance") + ", "
                    + count(warnings.size(), "warning"));
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return refused(e);
        }
    }

    private ExitCode importFile(ParseResult parsed) {
        Path file = parsed.matchedPositionalValue(0, Path.of(""));
        try {
            String configId = parsed.matchedOptionValue(CONFIG_ID, "");
            Importer.Imported imported =
                    configId.isEmpty() ? Importer.importFile(file) : Importer.importFile(file, configId);
            imported.warnings().forEach(warning -> err.println("warning: " + warning.message()));
            out.print(imported.hocon());
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return refused(e);
        }
    }

    private ExitCode status(ParseResult parsed) {
        try {
            JsonNode status = ask(parsed);
            if (parsed.hasMatchedOption("--json")) {
                out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(status));
            } else {
                out.print(StatusTable.of(status));
            }
            return ExitCode.DONE;
        } catch (ControlException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }

    /** Done only if each instance was handed over. */
    private ExitCode handOver(ParseResult parsed) {
        String instance = parsed.matchedPositionalValue(0, "");
        try {
            JsonNode results = new ControlClient(path(parsed, "--run-dir", RunDir.DEFAULT), HAND_OVER_LIMIT)
                    .ask("handover", instance.isEmpty() ? Map.of() : Map.of("instance", instance));
            ExitCode code = ExitCode.DONE;
            for (JsonNode result : results) {
                String line = result.path("instance").asText() + ": "
                        + result.path("text").asText();
                if (result.path("handedOver").asBoolean()) {
                    out.println(line);
                } else {
                    code = failed(line);
                }
            }
            return code;
        } catch (ControlException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private ExitCode healStatus(ParseResult parsed) {
        try {
            StringBuilder text = new StringBuilder();
            StatusTable.swarm(text, ask(parsed).path("swarm"));
            out.print(text.toString().stripLeading());
            return ExitCode.DONE;
        } catch (ControlException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode ask(ParseResult parsed) throws ControlException {
        return new ControlClient(path(parsed, "--run-dir", RunDir.DEFAULT)).ask("status");
    }

    private ExitCode refused(ConfigException e) {
        e.warnings().forEach(warning -> err.println("warning: " + warning.message()));
        for (Fault fault : e.faults()) {
            err.println("error: " + fault.message());
        }
        return ExitCode.CONFIGURATION;
    }

    private ExitCode failed(String message) {
        err.println("holdfast: " + oneLine(message));
        return ExitCode.FAILED;
    }

    private static ConfigSupplier source(ParseResult parsed) {
        Path file = configFile(parsed);
        if (!parsed.hasMatchedOption("--keepalived-conf")) {
            return () -> ConfigSource.load(file);
        }
        String configId = parsed.matchedOptionValue(CONFIG_ID, "");
        return configId.isEmpty()
                ? () -> ConfigSource.loadKeepalived(file)
                : () -> ConfigSource.loadKeepalived(file, configId);
    }

    private static LoadedConfig judged(ParseResult parsed) throws ConfigException {
        Path file = configFile(parsed);
        if (!parsed.hasMatchedOption("--keepalived-conf")) {
            return ConfigSource.judge(file);
        }
        String configId = parsed.matchedOptionValue(CONFIG_ID, "");
        return configId.isEmpty() ? ConfigSource.judgeKeepalived(file) : ConfigSource.judgeKeepalived(file, configId);
    }

    private static Path configFile(ParseResult parsed) {
        if (parsed.hasMatchedOption(CONFIG_ID) && !parsed.hasMatchedOption("--keepalived-conf")) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(), CONFIG_ID + " goes with --keepalived-conf alone");
        }
        return path(parsed, "--keepalived-conf", path(parsed, "-c", DEFAULT_CONFIG));
    }

    private static Path path(ParseResult parsed, String option, Path otherwise) {
        return parsed.matchedOptionValue(option, otherwise);
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    }

    private static CommandSpec root() {
        CommandSpec root =
                command("holdfast", "Keeps a virtual IP on exactly one healthy host, and a Docker Swarm led.");
        root.addSubcommand(
                "run",
                command("run", "Runs the agent until TERM or INT; HUP reloads the configuration.")
                        .addArgGroup(configFiles())
                        .addOption(configId())
                        .addOption(runDir())
                        .addOption(option(
                                "--state-dir", "DIR", "for what must outlive a restart (" + DEFAULT_STATE_DIR + ")")));
        root.addSubcommand(
                "check",
                command("check", "Judges a configuration by itself; what this host lacks is a warning.")
                        .addArgGroup(configFiles())
                        .addOption(configId()));
        root.addSubcommand(
                "import",
                command("import", "Prints a keepalived.conf as a configuration of Holdfast; warnings go to stderr.")
                        .addOption(configId())
                        .addPositional(PositionalParamSpec.builder()
                                .paramLabel("FILE")
                                .type(Path.class)
                                .converters(Cli::toPath)
                                .index("0")
                                .required(true)
                                .description("the keepalived.conf")
                                .build()));
        root.addSubcommand(
                "status",
                command("status", "Shows what the running agent knows.")
                        .addOption(OptionSpec.builder("--json")
                                .description("the same as /api/v1/status")
                                .build())
                        .addOption(runDir()));
        root.addSubcommand(
                "handover",
                command(
                                "handover",
                                "Has another host take over, without a gap; this one then obeys it whatever the priorities are.")
                        .addPositional(PositionalParamSpec.builder()
                                .paramLabel("INSTANCE")
                                .type(String.class)
                                .index("0")
                                .arity("0..1")
                                .description("which one (each that is MASTER here)")
                                .build())
                        .addOption(runDir()));
        CommandSpec heal = command("heal", "Healing of the Swarm.");
        heal.addSubcommand(
                "status",
                command("status", "Shows what healing sees, waits for and refuses.")
                        .addOption(runDir()));
        root.addSubcommand("heal", heal);
        root.addSubcommand("help", command("help", "Prints this text."));
        root.addSubcommand("version", command("version", "Prints the version."));
        return root;
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create()
                .name(name)
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("this text")
                        .build());
        spec.usageMessage().description(description);
        return spec;
    }

    private static ArgGroupSpec configFiles() {
        return ArgGroupSpec.builder()
                .exclusive(true)
                .multiplicity("0..1")
                .addArg(option("-c", "FILE", "the configuration (" + DEFAULT_CONFIG + ")"))
                .addArg(option("--keepalived-conf", "FILE", "a keepalived.conf instead"))
                .build();
    }

    private static OptionSpec configId() {
        return OptionSpec.builder(CONFIG_ID)
                .paramLabel("ID")
                .type(String.class)
                .description("what @ID lines of a keepalived.conf are held against (the host's name)")
                .build();
    }

    private static OptionSpec runDir() {
        return option("--run-dir", "DIR", "where the agent's socket and state are (" + RunDir.DEFAULT + ")");
    }

    private static OptionSpec option(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(Path.class)
                .converters(Cli::toPath)
                .description(description)
                .build();
    }

    private static Path toPath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException("not a path: " + e.getMessage());
        }
    }
}
