package dev.holdfast.agent.cli;

import dev.holdfast.agent.config.Importer;
import dev.holdfast.agent.config.report.ConfigException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast import}. */
record ImportCommand(Output output) implements Subcommand {
    @Override
    public CommandSpec spec() {
        return Specs.command(
                        "import", "Prints a keepalived.conf as a configuration of Holdfast; warnings go to stderr.")
                .addOption(ConfigFiles.configId())
                .addPositional(PositionalParamSpec.builder()
                        .paramLabel("FILE")
                        .type(Path.class)
                        .converters(Specs::toPath)
                        .index("0")
                        .required(true)
                        .description("the keepalived.conf")
                        .build());
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        Path file = parsed.matchedPositionalValue(0, Path.of(""));
        try {
            String configId = ConfigFiles.configId(parsed);
            Importer.Imported imported =
                    configId.isEmpty() ? Importer.importFile(file) : Importer.importFile(file, configId);
            imported.warnings().forEach(warning -> output.err().println("warning: " + warning.message()));
            output.out().print(imported.hocon());
            return ExitCode.DONE;
        } catch (ConfigException e) {
            return output.refused(e);
        }
    }
}
