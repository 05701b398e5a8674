package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.Host;
import dev.holdfast.agent.config.HostChecks;
import dev.holdfast.agent.config.LoadedConfig;
import dev.holdfast.agent.config.report.ConfigException;
import dev.holdfast.agent.config.report.ConfigWarning;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast check}. */
record CheckCommand(Output output) implements Subcommand {
    @Override
    public CommandSpec spec() {
        return Specs.command("check", "Judges a configuration by itself; what this host lacks is a warning.")
                .addArgGroup(ConfigFiles.options())
                .addOption(ConfigFiles.configId());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        try {
            LoadedConfig loaded = ConfigFiles.judged(parsed);
            List<ConfigWarning> warnings = Stream.concat(
                            loaded.warnings().stream(), HostChecks.of(loaded, Host.ofThisHost()).stream())
                    .toList();
            warnings.forEach(warning -> output.err().println("warning: " + warning.message()));
            int instances = loaded.config().vrrp().instances().size();
            output.out()
                    .println(ConfigFiles.file(parsed) + ": good, " + count(instances, "instance") + ", "
                            + count(warnings.size(), "warning"));
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return output.refused(e);
        }
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
