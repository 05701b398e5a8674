package dev.holdfast.agent.cli;

import dev.holdfast.agent.control.RunDir;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What several commands have in their command lines. */
final class Specs {
    private Specs() {}

    static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create()
                .name(name)
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("this text")
                        .build());
        spec.usageMessage().description(description);
        return spec;
    }

    static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    static OptionSpec runDir() {
        return path("--run-dir", "DIR", "where the agent's socket and state are (" + RunDir.DEFAULT + ")");
    }

    static Path runDir(ParseResult parsed) {
        return parsed.matchedOptionValue("--run-dir", RunDir.DEFAULT);
    }

    static OptionSpec path(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(Path.class)
                .converters(Specs::toPath)
                .description(description)
                .build();
    }

    static Path toPath(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException("not a path: " + e.getMessage());
        }
    }
}
