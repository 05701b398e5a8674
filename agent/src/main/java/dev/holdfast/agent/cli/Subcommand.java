package dev.holdfast.agent.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command: what its command line looks like, and what it does. */
interface Subcommand {
    /** A fresh description of its command line; its name is the one it is called by. */
    CommandSpec spec();

    /** Does it. Throws for nothing the user did but a {@link picocli.CommandLine.ParameterException}. */
    ExitCode run(ParseResult parsed);
}
