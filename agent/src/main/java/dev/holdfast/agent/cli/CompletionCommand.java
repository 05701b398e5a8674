package dev.holdfast.agent.cli;

import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code holdfast completion bash}: the script that completes all of these commands. */
record CompletionCommand(Output output, Supplier<CommandSpec> root) implements Subcommand {
    @Override
    public CommandSpec spec() {
        return Specs.command(
                "bash", "Prints a script that completes the commands, for bash, and for zsh after bashcompinit.");
    }

    @Override
    public ExitCode run(ParseResult parsed) {
        output.out().print(AutoComplete.bash("holdfast", new CommandLine(root.get())));
        return ExitCode.DONE;
    }
}
