package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.status.HoldfastVersion;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The commands. Built from picocli's model and not from annotations, which would be looked up by reflection at each start.
 */
public final class Cli {
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

    private static final String VERSION = "--version";

    private final Output output;
    /** By what is typed for them, without the program's name; in the order of the help. */
    private final Map<String, Subcommand> commands = new LinkedHashMap<>();

    /**
     * Commands that write to these, with nobody to ask.
     *
     * @param runner what {@code run} runs
     */
    public Cli(Runner runner, PrintWriter out, PrintWriter err) {
        this(runner, new Output(out, err, Terminal.NONE));
    }

    Cli(Runner runner, Output output) {
        this.output = output;
        commands.put("run", new RunCommand(runner, output));
        commands.put("check", new CheckCommand(output));
        commands.put("import", new ImportCommand(output));
        commands.put("init", new InitCommand(output));
        commands.put("doctor", new DoctorCommand(output));
        commands.put("status", new StatusCommand(output));
        commands.put("handover", new HandoverCommand(output));
        commands.put("heal status", new HealStatusCommand(output));
        commands.put("heal observe", new HealPolicyCommand(output, "observe", "Only watches the Swarm."));
        commands.put("heal guarded", new HealPolicyCommand(output, "guarded", "Heals once every witness answers."));
        commands.put("heal quorum", new HealPolicyCommand(output, "quorum", "Heals with the promises of most agents."));
        commands.put("heal now", new HealNowCommand(output));
        commands.put("completion bash", new CompletionCommand(output, this::root));
    }

    /** Commands of this process, for whoever sits at its terminal. */
    public static Cli ofThisProcess(Runner runner, PrintWriter out, PrintWriter err) {
        return new Cli(runner, new Output(out, err, Terminal.ofThisProcess(System.getenv())));
    }

    /** Does what the arguments say; never throws for anything the user did. */
    public ExitCode run(String... args) {
        try {
            return execute(new CommandLine(root()).parseArgs(args));
        } catch (ParameterException e) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            output.err().println(name + ": " + Output.oneLine(String.valueOf(e.getMessage())));
            output.err().println("Try '" + name + " --help'.");
            return ExitCode.USAGE;
        } finally {
            output.out().flush();
            output.err().flush();
        }
    }

    private ExitCode execute(ParseResult root) {
        ParseResult parsed = root;
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        CommandSpec command = parsed.commandSpec();
        if (parsed.isUsageHelpRequested()) {
            command.commandLine().usage(output.out());
            return ExitCode.DONE;
        }
        String name = command.qualifiedName(" ").replaceFirst("^holdfast ?", "");
        if (parsed.hasMatchedOption(VERSION)) {
            name = "version";
        }
        Subcommand known = commands.get(name);
        if (known != null) {
            return known.run(parsed);
        }
        return switch (name) {
            case "version" -> {
                output.out().println("holdfast " + HoldfastVersion.current());
                yield ExitCode.DONE;
            }
            case "help" -> {
                command.parent().commandLine().usage(output.out());
                yield ExitCode.DONE;
            }
            default ->
                throw new ParameterException(
                        command.commandLine(),
                        "a command is missing: one of "
                                + String.join(", ", command.subcommands().keySet()));
        };
    }

    private CommandSpec root() {
        CommandSpec root = Specs.command(
                        "holdfast", "Keeps a virtual IP on exactly one healthy host, and a Docker Swarm led.")
                .addOption(Specs.flag(VERSION, "the same as version"));
        Map<String, CommandSpec> groups = new LinkedHashMap<>(Map.of("", root));
        commands.forEach((name, command) -> {
            List<String> words = List.of(name.split(" ", -1));
            String group = words.size() == 1 ? "" : words.getFirst();
            CommandSpec parent = groups.get(group);
            if (parent == null) {
                parent = Specs.command(group, group.equals("heal") ? "Healing of the Swarm." : "Completion in shells.");
                groups.put(group, parent);
                root.addSubcommand(group, parent);
            }
            parent.addSubcommand(words.getLast(), command.spec());
        });
        root.addSubcommand("help", Specs.command("help", "Prints this text."));
        root.addSubcommand("version", Specs.command("version", "Prints the version."));
        return root;
    }
}
