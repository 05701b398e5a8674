package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.report.ConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast run}. */
record RunCommand(Cli.Runner runner, Output output) implements Subcommand {
    private static final Path DEFAULT_STATE_DIR = Path.of("/var/lib/holdfast");

    @Override
    public CommandSpec spec() {
        return Specs.command("run", "Runs the agent until TERM or INT; HUP reloads the configuration.")
                .addArgGroup(ConfigFiles.options())
                .addOption(ConfigFiles.configId())
                .addOption(Specs.runDir())
                .addOption(Specs.path(
                        "--state-dir", "DIR", "for what must outlive a restart (" + DEFAULT_STATE_DIR + ")"));
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        try {
            runner.run(
                    ConfigFiles.source(parsed),
                    Specs.runDir(parsed),
                    parsed.matchedOptionValue("--state-dir", DEFAULT_STATE_DIR));
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return output.refused(e);
        } catch (Cli.RunFailure e) {
            return output.failed(String.valueOf(e.getMessage()));
        }
    }
}
